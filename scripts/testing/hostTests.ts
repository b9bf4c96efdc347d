import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'node:util';
import type { Browser } from 'playwright-core';
import { buildExtension, buildHostTests } from '../bundles.ts';
import { HOST_SUITE, ROOT } from '../paths.ts';
import type { Cleanup } from '../process/cleanup.ts';
import type { ProcessEntry } from '../process/processTable.ts';
import { say } from '../say.ts';
import { launchBrowser } from '../workbench/browser.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../workbench/server.ts';
import type { Counts } from './counts.ts';
import { followFile } from './followFile.ts';
import { withoutLeftovers } from './leftovers.ts';

const RUN_DEADLINE_MS = 5 * 60_000;
const TOLD_LINES = 30;

/** Runs test/host inside the extension host of the workbench and shows Mocha's report. */
export async function runHostTests(cleanup: Cleanup): Promise<Counts> {
  await buildExtension({ development: false });
  await buildHostTests();
  const reports = await cleanup.makeTemporaryDirectory('vscode-qmp-report-');
  const report = path.join(reports, 'report.txt');
  const countsFile = path.join(reports, 'counts.json');
  const workbenchLines: string[] = [];
  const stopFollowing = followFile(report, (text) => process.stdout.write(text));
  // The server has a directory for temporary files of its own: the workbench never cleans up after itself.
  const counts = await withoutLeftovers(cleanup, async ({ TMPDIR: _, ...mark }) => {
    const env = { ...mark, HOST_TEST_REPORT: report, HOST_TEST_COUNTS: countsFile };
    const server = await startWorkbenchServer({ env, smokeTestDriver: true }, cleanup);
    const browser = await launchBrowser(cleanup);
    const end = await runSuite(browser, server, workbenchLines);
    await browser.close();
    const survivors = await server.stop();
    stopFollowing();
    return judge(end, await readCounts(countsFile), survivors);
  });
  if (counts.failed > 0 || counts.passed === 0) {
    say(`\nThe last lines that the workbench wrote:\n${workbenchLines.slice(-TOLD_LINES).join('\n')}`);
  }
  return counts;
}

// Opens the page that runs the suite; returns the suite's exit code, or in words why there is none.
async function runSuite(
  browser: Browser,
  server: WorkbenchServer,
  workbenchLines: string[],
): Promise<number | string> {
  const page = await browser.newPage();
  const ended = new Promise<number | string>((resolve) => {
    page.on('crash', () => resolve('the page crashed'));
    const late = setTimeout(resolve, RUN_DEADLINE_MS, `it took longer than ${RUN_DEADLINE_MS / 1000} s`);
    late.unref();
    // The two functions by which the workbench tells its tester what happens.
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
  });
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    workbenchLines.push(`${type} ${format(...args)}`);
  });
  const remote = (file: string) => `vscode-remote://127.0.0.1:${server.port}${file}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(ROOT)],
    ['extensionTestsPath', remote(HOST_SUITE)],
    ['skipWelcome', 'true'],
  ]);
  await page.goto(`${server.url}&payload=${encodeURIComponent(payload)}`);
  return ended;
}

async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? { passed: 0, failed: 0 } : (JSON.parse(text) as Counts);
}

function judge(end: number | string, counts: Counts, survivors: readonly ProcessEntry[]): Counts {
  if (survivors.length > 0) {
    say(`\nFAILED: the extension left running: ${survivors.map(({ command }) => command).join(', ')}`);
    return { ...counts, failed: counts.failed + 1 };
  }
  if (end === 0 || (end === 1 && counts.failed > 0)) return counts;
  const reason = typeof end === 'number' ? `it ended with exit code ${end}` : end;
  say(`\nFAILED: the run in the extension host did not come to its end: ${reason}.`);
  return { ...counts, failed: counts.failed + 1 };
}
