import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { awaitPair } from '../demo/awaitPair.ts';
import { LABELS, VM_NAMES } from '../demo/labels.ts';
import { startMigration } from '../demo/migrateDialog.ts';
import { PLAN } from '../demo/plan.ts';
import { showChartIn } from '../demo/showChartIn.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { awaitPasses } from './awaitPasses.ts';
import type { Scene } from './scene.ts';

/** The window with the tree and both plots. */
const OVERVIEW = { width: 1200, height: 900 };
/** The panel down to the table. */
const PANEL = { width: 1180, height: 1080 };
/** The same down to the lower plot. */
const PANEL_WITHOUT_TABLE = { width: 1240, height: 920 };
/** So long a migration that goes on and on is looked at. */
const WATCHED_PASSES = 24;
/** So many passes QEMU tries before it is told another bandwidth. */
const PASSES_BEFORE = 9;
/** Bytes per second; allows 10.8 MB, and the guest keeps 16 MiB dirty. */
const TOO_LITTLE = 36_000_000;
/** Bytes per second; allows 18 MB. */
const ENOUGH = 60_000_000;
const DEADLINE_MS = 60_000;

/** The step of "Migrate VM…" that asks for the declared bandwidth; then nothing is migrated. */
export async function pictureOfDialog({ workbench, camera }: Scene): Promise<void> {
  const { quickInput, page } = workbench;
  await workbench.treeView(LABELS.view).clickInlineAction(VM_NAMES.source, LABELS.migrate);
  await quickInput.waitForTitle(LABELS.destinationStep);
  await quickInput.pick(VM_NAMES.destination);
  await quickInput.waitForTitle(LABELS.declaredStep);
  await quickInput.type('1Gbit/s');
  const widget = page.locator('.quick-input-widget');
  await widget.locator('.monaco-list-row', { hasText: '1Gbit/s = 125000000 B/s' }).waitFor();
  await camera.around('migrate-bandwidth', widget);
  await quickInput.dismiss();
  await quickInput.waitUntilClosed();
}

/** The whole window while a migration with nothing declared goes on and on; then it is cancelled. */
export async function pictureOfOverview({ workbench, camera, pair, signal }: Scene): Promise<void> {
  await camera.resize(OVERVIEW);
  await startMigration(workbench, undefined);
  await awaitPasses(workbench, WATCHED_PASSES);
  // The message with the progress would cover the lower plot.
  await workbench.notifications.hide();
  await camera.window('overview');
  await workbench.treeView(LABELS.view).clickInlineAction(VM_NAMES.source, LABELS.cancel);
  await workbench.notifications.waitFor(/cancelled/);
  await workbench.notifications.clear();
  await pair.renewDestination(signal);
  await awaitPair(workbench);
}

/** The panel of a migration in whose middle another client declares too little, and then enough. */
export async function pictureOfDeclaring(scene: Scene): Promise<void> {
  const { workbench, camera, otherMonitor, pair, signal } = scene;
  await camera.resize(PANEL);
  await workbench.runCommand('View: Close All Editors');
  await startMigration(workbench, undefined);
  const monitor = await connectMonitor(`unix:${otherMonitor}`);
  let passes = 0;
  for (const bandwidth of [TOO_LITTLE, ENOUGH]) {
    passes += PASSES_BEFORE;
    await awaitPasses(workbench, passes);
    await monitor.execute('migrate-set-parameters', { 'avail-switchover-bandwidth': bandwidth });
  }
  await monitor.close();
  await awaitEnd(workbench);
  await showChartIn(workbench, 'Dark Modern');
  await camera.element('chart-dark', workbench.page.locator('.part.editor'));
  await pair.reset(signal);
  await awaitPair(workbench);
}

/** The panel of a migration with enough declared from its beginning, down to the lower plot, in a light theme. */
export async function pictureOfDeclared({ workbench, camera }: Scene): Promise<void> {
  await camera.resize(PANEL_WITHOUT_TABLE);
  await workbench.runCommand('View: Close All Editors');
  await startMigration(workbench, PLAN.declaredBandwidth);
  await awaitEnd(workbench);
  await showChartIn(workbench, 'Light Modern');
  await camera.element('chart-light', workbench.page.locator('.part.editor'));
  await workbench.setTheme('Dark Modern');
}

/** The list of recorded runs. */
export async function pictureOfRuns({ workbench, camera }: Scene): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  // Over the list, the pointer would show what its box is for.
  await workbench.page.mouse.move(0, 0);
  await workbench.runCommand('QMP: Open Run…');
  await workbench.quickInput.items();
  await camera.around('open-run', workbench.page.locator('.quick-input-widget'));
  await workbench.quickInput.dismiss();
  await workbench.quickInput.waitUntilClosed();
}

async function awaitEnd(workbench: Workbench): Promise<void> {
  await workbench.notifications.waitFor(/has migrated/, DEADLINE_MS);
  await workbench.notifications.clear();
}
