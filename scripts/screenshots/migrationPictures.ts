import { awaitPair } from '../demo/awaitPair.ts';
import { LABELS, VM_NAMES } from '../demo/labels.ts';
import { startMigration } from '../demo/migrateDialog.ts';
import { PLAN } from '../demo/plan.ts';
import { showChartIn } from '../demo/showChartIn.ts';
import type { Scene } from './scene.ts';

/** The window with the tree and both plots. */
const OVERVIEW = { width: 1200, height: 900 };
/** The panel down to the table. */
const PANEL = { width: 1240, height: 1130 };
/** The same down to the lower plot. */
const PANEL_WITHOUT_TABLE = { width: 1240, height: 920 };
/** So long a migration that goes on and on is looked at. */
const WATCHED_PASSES = 30;
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
  const frame = await workbench.webview(LABELS.chartPage);
  await frame.locator('.iterations tbody tr').nth(WATCHED_PASSES).waitFor({
    state: 'attached',
    timeout: DEADLINE_MS,
  });
  // The message with the progress would cover the lower plot.
  await workbench.notifications.hide();
  await camera.window('overview');
  await workbench.treeView(LABELS.view).clickInlineAction(VM_NAMES.source, LABELS.cancel);
  await workbench.notifications.waitFor(/cancelled/);
  await workbench.notifications.clear();
  await pair.renewDestination(signal);
  await awaitPair(workbench);
}

/** The panel of the same guest with enough declared, in the dark and in a light theme. */
export async function picturesOfChart({ workbench, camera }: Scene): Promise<void> {
  await camera.resize(PANEL);
  await workbench.runCommand('View: Close All Editors');
  await startMigration(workbench, PLAN.declaredBandwidth);
  await workbench.notifications.waitFor(/has migrated/, DEADLINE_MS);
  await workbench.notifications.clear();
  const editor = workbench.page.locator('.part.editor');
  const frame = await showChartIn(workbench, 'Dark Modern');
  // A migration may be over before anything was seen of its later passes: then there is nothing to zoom to.
  const zoom = frame.getByText('Zoom to threshold');
  if (await zoom.isVisible()) await zoom.click();
  await camera.element('chart-dark', editor);
  await camera.resize(PANEL_WITHOUT_TABLE);
  await showChartIn(workbench, 'Light Modern');
  await camera.element('chart-light', editor);
  await workbench.setTheme('Dark Modern');
}

/** The list of recorded runs. */
export async function pictureOfRuns({ workbench, camera }: Scene): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('QMP: Open Run…');
  await workbench.quickInput.items();
  await camera.around('open-run', workbench.page.locator('.quick-input-widget'));
  await workbench.quickInput.dismiss();
  await workbench.quickInput.waitUntilClosed();
}
