import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
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

/** What else ran on the machine, for the reader to judge by. `before` is from before the first measurement. */
export function loadLine(before: number): string {
  const [after = 0] = loadavg();
  const cores = availableParallelism();
  return `Load average of ${cores} cores: ${before.toFixed(1)} before the first measurement, ${after.toFixed(1)} after the last, our own included.`;
}
