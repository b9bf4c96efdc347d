import { execFile } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';

/** When and on what the numbers were taken, as the lines of a Markdown list. */
export async function machineLines(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('qemu-system-x86_64', ['--version']);
  const qemu = /version (\S+)/.exec(stdout)?.[1] ?? stdout.trim();
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return [
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Processor: ${availableParallelism()} cores, ${model}`,
    `- Memory: ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `- System: ${type()} ${release()}`,
    `- Node ${process.versions.node}, QEMU ${qemu}`,
  ];
}
