import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { Cleanup } from '../process/cleanup.ts';
import { type ProcessEntry, processesWithVariable } from '../process/processTable.ts';
import { until } from '../process/until.ts';
import { say } from '../say.ts';
import type { Counts } from './counts.ts';

const MARK = 'VSCODE_QMP_TEST_RUN';
const GRACE_MS = 3_000;
/** Caches of the tools, which are meant to outlive them. */
const CACHES = /^(tsx-|node-compile-cache|\.org\.chromium)/;

/**
 * Runs tests in an environment by which everything that they start and write can be told: what is still there
 * afterwards, a process or a temporary file, is removed and counts as one failed test.
 */
export async function withoutLeftovers(
  cleanup: Cleanup,
  run: (env: Readonly<Record<string, string>>) => Promise<Counts>,
): Promise<Counts> {
  const mark = randomUUID();
  const directory = await cleanup.makeTemporaryDirectory('qmp-test-');
  cleanup.add('end what the tests have started', () => endAll(processesWithVariable(MARK, mark)));
  const counts = await run({ [MARK]: mark, TMPDIR: directory, TSX_DISABLE_CACHE: '' });

  const processes = await lastingProcesses(mark);
  endAll(processes);
  const files = (await readdir(directory)).filter((name) => !CACHES.test(name));
  if (processes.length === 0 && files.length === 0) return counts;
  const names = [...processes.map(({ pid, command }) => `process ${pid} (${command})`), ...files];
  say(`\nFAILED: the tests left behind: ${names.join(', ')}`);
  return { ...counts, failed: counts.failed + 1 };
}

// A process that was told to end may need a moment for it.
async function lastingProcesses(mark: string): Promise<ProcessEntry[]> {
  try {
    await until(
      'the processes of the tests to end',
      () => processesWithVariable(MARK, mark).length === 0,
      GRACE_MS,
    );
    return [];
  } catch {
    return processesWithVariable(MARK, mark);
  }
}

function endAll(processes: readonly ProcessEntry[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  }
}
