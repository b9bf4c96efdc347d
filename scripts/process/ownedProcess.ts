import { execa } from 'execa';
import type { Cleanup } from './cleanup.ts';
import { stopGroup } from './processGroup.ts';

export interface OwnedProcessOptions {
  readonly cwd?: string;
  /** Added to this program's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the output goes straight to the terminal; it is collected otherwise. */
  readonly show?: boolean;
  readonly timeoutMs?: number;
}

export interface OwnedProcessResult {
  readonly failed: boolean;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The failure in one line. */
  readonly message: string;
}

/**
 * Runs a program to its end in a process group of its own. When the cleanup comes first, all of the group is gone
 * before the steps that were added earlier are undone, such as the removal of a directory that it writes to.
 * @returns also when it failed.
 */
export async function runOwned(
  cleanup: Cleanup,
  file: string,
  args: readonly string[],
  options: OwnedProcessOptions = {},
): Promise<OwnedProcessResult> {
  const output = options.show ? 'inherit' : 'pipe';
  const child = execa(file, args, {
    stdio: ['ignore', output, output],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    timeout: options.timeoutMs ?? 0,
    detached: true,
    cleanup: false,
    reject: false,
  });
  const { pid } = child;
  const forget = pid === undefined ? undefined : cleanup.add(`end ${file} (${pid})`, () => stopGroup(pid));
  const { failed, exitCode, stdout, stderr, shortMessage } = await child;
  // What it has left running in the background ends with it.
  if (pid !== undefined) await stopGroup(pid);
  forget?.();
  return { failed, exitCode, stdout: stdout ?? '', stderr: stderr ?? '', message: shortMessage ?? '' };
}
