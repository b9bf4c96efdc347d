import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { VmPair } from '../../src/lab/vmPair.ts';
import { readRun } from '../../src/migration/runFile.ts';
import { verdict } from '../../src/migration/verdict.ts';
import type { MainContext } from '../process/runMain.ts';
import { say, sayStep } from '../say.ts';
import { launchBrowser } from '../workbench/browser.ts';
import type { WorkbenchServer } from '../workbench/server.ts';
import type { ThemeLabel } from '../workbench/themes.ts';
import { Workbench } from '../workbench/workbench.ts';
import { awaitPair } from './awaitPair.ts';
import { type DemoRuns, judge } from './judge.ts';
import { LABELS, VM_NAMES } from './labels.ts';
import { startMigration } from './migrateDialog.ts';
import { PLAN } from './plan.ts';
import { findingLines, markdownReport, plainComparison } from './report.ts';
import { awaitRun, runFiles } from './runFiles.ts';
import { showChartIn } from './showChartIn.ts';

const WINDOW = { width: 1400, height: 1120 };
const RUN_DEADLINE_MS = 60_000;

/**
 * Does the main job through the UI of VS Code: the same guest migrated without and with a declared bandwidth.
 * Leaves both records, a report and two pictures in `out`.
 * @returns whether all that the demo promises came true.
 */
export async function doMainJob(
  { pair, server, out }: { pair: VmPair; server: WorkbenchServer; out: string },
  { cleanup, signal }: MainContext,
): Promise<boolean> {
  await mkdir(out, { recursive: true });
  const browser = await launchBrowser(cleanup);
  const workbench = await Workbench.open(browser, server, cleanup, { size: WINDOW });
  await workbench.openViewContainer(LABELS.container);

  sayStep(`Migrating with nothing declared, for ${PLAN.cancelAfterMs / 1000} s`);
  await awaitPair(workbench);
  const undeclared = await migrateUndeclared(workbench, server, signal);

  sayStep(`Migrating with ${PLAN.declaredBandwidth} B/s declared`);
  await pair.renewDestination(signal);
  await awaitPair(workbench);
  const declared = await migrateDeclared(workbench, server);
  // The message about the end would cover a part of the panel.
  await workbench.notifications.waitFor(VM_NAMES.source);
  await workbench.notifications.clear();
  await takePicture(workbench, 'Dark Modern', path.join(out, 'chart-dark.png'));
  await takePicture(workbench, 'Light Modern', path.join(out, 'chart-light.png'));

  await copyFile(undeclared, path.join(out, 'undeclared.run.json'));
  await copyFile(declared, path.join(out, 'declared.run.json'));
  const runs: DemoRuns = { undeclared: await readRun(undeclared), declared: await readRun(declared) };
  const findings = judge(runs);
  await writeFile(path.join(out, 'report.md'), markdownReport(runs, findings));
  say(`\n${plainComparison(runs)}\n`);
  for (const line of findingLines(findings)) say(line);
  say(`\nRecords, report and pictures are in ${out}`);
  return findings.every(({ holds }) => holds);
}

async function migrateUndeclared(
  workbench: Workbench,
  server: WorkbenchServer,
  signal: AbortSignal,
): Promise<string> {
  const known = await runFiles(server);
  await startMigration(workbench, undefined);
  // This is the demonstration itself: QEMU gets its chance for so long.
  const chance = delay(PLAN.cancelAfterMs, undefined, { signal });
  await Promise.all([chance, workbench.webview(LABELS.chartPage)]);
  await workbench.treeView(LABELS.view).clickInlineAction(VM_NAMES.source, LABELS.cancel);
  const file = await awaitRun(server, known, RUN_DEADLINE_MS);
  await awaitVerdict(workbench, file);
  return file;
}

async function migrateDeclared(workbench: Workbench, server: WorkbenchServer): Promise<string> {
  const known = await runFiles(server);
  await startMigration(workbench, PLAN.declaredBandwidth);
  const file = await awaitRun(server, known, RUN_DEADLINE_MS);
  await awaitVerdict(workbench, file);
  return file;
}

// The panel shows the end of the run as soon as it says the same as the record.
async function awaitVerdict(workbench: Workbench, file: string): Promise<void> {
  const sentence = verdict(await readRun(file));
  const frame = await workbench.webview(LABELS.verdict);
  await frame.locator(LABELS.verdict, { hasText: sentence }).waitFor();
}

async function takePicture(workbench: Workbench, theme: ThemeLabel, file: string): Promise<void> {
  await showChartIn(workbench, theme);
  await workbench.page.locator('.part.editor').screenshot({ path: file });
}
