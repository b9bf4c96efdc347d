import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../paths.ts';
import type { Cleanup } from '../process/cleanup.ts';
import { runOwned } from '../process/ownedProcess.ts';
import { say } from '../say.ts';
import { type Counts, ONE_FAILED } from './counts.ts';
import { withoutLeftovers } from './leftovers.ts';
import { countTap } from './tapCounts.ts';

const TEST_DEADLINE_MS = 5 * 60_000;
const PART_DEADLINE_MS = 30 * 60_000;

export interface NodeTestOptions {
  /** Folder below the repository whose *.test.ts files are run, at whatever depth. */
  readonly folder: string;
  /** How many files may run at once. */
  readonly concurrency: number;
}

/** Runs a folder of tests with Node's own runner and shows its report. */
export async function runNodeTests(options: NodeTestOptions, cleanup: Cleanup): Promise<Counts> {
  const files = await testFiles(options.folder);
  if (files.length === 0) {
    say(`There is no *.test.ts in ${options.folder}.`);
    return ONE_FAILED;
  }
  const directory = await cleanup.makeTemporaryDirectory('vscode-qmp-report-');
  const tap = path.join(directory, 'report.tap');
  const counts = await withoutLeftovers(cleanup, async (env) => {
    const exitCode = await runNode(files, options.concurrency, tap, env, cleanup);
    const counted = countTap(await readFile(tap, 'utf8').catch(() => ''), files);
    if (exitCode === 0 || counted.failed > 0) return counted;
    say(`The test runner ended with exit code ${exitCode} without naming a failed test.`);
    return { ...counted, failed: 1 };
  });
  return counts;
}

async function testFiles(folder: string): Promise<string[]> {
  const all = await readdir(path.join(ROOT, folder), { recursive: true }).catch(() => []);
  return all
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(ROOT, folder, name))
    .sort();
}

async function runNode(
  files: readonly string[],
  concurrency: number,
  tap: string,
  env: Readonly<Record<string, string>>,
  cleanup: Cleanup,
): Promise<number | undefined> {
  const runner = ['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`];
  const limits = [`--test-timeout=${TEST_DEADLINE_MS}`];
  const reports = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const tapReport = ['--test-reporter=tap', `--test-reporter-destination=${tap}`];
  const args = [...runner, ...limits, ...reports, ...tapReport, ...files];
  const options = { cwd: ROOT, env, show: true, timeoutMs: PART_DEADLINE_MS };
  const { exitCode } = await runOwned(cleanup, process.execPath, args, options);
  return exitCode;
}
