import { type VirshEnd, VirshProcess, type VirshTarget } from './virshProcess.ts';

export interface VirshResult extends VirshEnd {
  stdout: string;
}

/**
 * Runs one command of virsh to its end, with its stdin closed.
 * @throws the signal's reason when aborted; virsh is killed then
 */
export async function runVirsh(
  target: VirshTarget,
  args: readonly string[],
  signal: AbortSignal,
): Promise<VirshResult> {
  signal.throwIfAborted();
  const virsh = new VirshProcess(target, args);
  const chunks: Buffer[] = [];
  virsh.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  virsh.stdin.end();
  const kill = (): void => virsh.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    const end = await virsh.ended;
    signal.throwIfAborted();
    return { ...end, stdout: Buffer.concat(chunks).toString() };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
