import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { Cleanup } from '../process/cleanup.ts';
import { endSurvivors } from '../process/survivors.ts';
import { say } from '../say.ts';
import type { Counts } from './counts.ts';

const MARK = 'VSCODE_QMP_TEST_RUN';
/** Caches of the tools, which are meant to outlive them. */
const CACHES = /^(tsx-|node-compile-cache|\.org\.chromium)/;

/** Environment variables; TMPDIR is the directory that has to be empty afterwards. */
export type TestEnvironment = Readonly<Record<string, string>> & { readonly TMPDIR: string };

/**
 * Runs tests in an environment by which everything that they start and write can be told: what is still there
 * afterwards, a process or a temporary file, is removed and counts as one failed test.
 */
export async function withoutLeftovers(
  cleanup: Cleanup,
  run: (env: TestEnvironment) => Promise<Counts>,
): Promise<Counts> {
  const mark = randomUUID();
  const directory = await cleanup.makeTemporaryDirectory('qmp-test-');
  cleanup.add('end what the tests have started', () => endSurvivors(MARK, mark));
  const counts = await run({ [MARK]: mark, TMPDIR: directory, TSX_DISABLE_CACHE: '' });

  const processes = await endSurvivors(MARK, mark);
  const files = (await readdir(directory)).filter((name) => !CACHES.test(name));
  if (processes.length === 0 && files.length === 0) return counts;
  const names = [...processes.map(({ pid, command }) => `process ${pid} (${command})`), ...files];
  say(`\nFAILED: the tests left behind: ${names.join(', ')}`);
  return { ...counts, failed: counts.failed + 1 };
}
