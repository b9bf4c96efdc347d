import path from 'node:path';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { awaitPair } from '../demo/awaitPair.ts';
import { LABELS, VM_NAMES } from '../demo/labels.ts';
import { until } from '../process/until.ts';
import { awaitPasses } from './awaitPasses.ts';
import type { Scene } from './scene.ts';

/** Nothing listens there: the port is not one that programs are given. */
const NOBODY = 'tcp:127.0.0.1:9';
const WINDOW = { width: 1240, height: 870 };
const PASSES = 12;

/** The tree with VMs in different states, and the panel of a migration that something else started. */
export async function picturesOfWatching(scene: Scene): Promise<void> {
  const { workbench, camera, pair, signal } = scene;
  const tree = workbench.treeView(LABELS.view);
  await camera.resize(WINDOW);
  await pair.reset(signal);
  await awaitPair(workbench);
  await migrateFromOutside(scene);
  await addUnreachable(scene);
  await camera.corner('tree', { width: 780, height: 230 });
  await tree.clickInlineAction(VM_NAMES.source, 'Watch Migration');
  await awaitPasses(workbench, PASSES);
  await workbench.notifications.hide();
  await camera.element('watch', workbench.page.locator('.part.editor'));
  await tree.clickInlineAction(VM_NAMES.source, LABELS.cancel);
  await workbench.notifications.waitFor(/cancelled/);
  await workbench.notifications.clear();
  await workbench.runCommand('View: Close All Editors');
}

// A monitor serves one client at a time: the extension lets go of both for as long as another program needs.
async function migrateFromOutside({ workbench, pair }: Scene): Promise<void> {
  const tree = workbench.treeView(LABELS.view);
  const names = Object.values(VM_NAMES);
  for (const name of names) await tree.chooseFromMenu(name, 'Disconnect');
  const destination = await connectMonitor(pair.destination.address);
  const source = await connectMonitor(pair.source.address);
  const uri = `unix:${path.join(pair.directory, 'outside.sock')}`;
  await destination.execute('migrate-incoming', { uri });
  await source.execute('migrate-set-capabilities', { capabilities: [{ capability: 'events', state: true }] });
  await source.execute('migrate-set-parameters', { 'max-bandwidth': 33_554_432 });
  await source.execute('migrate', { uri });
  await Promise.all([source.close(), destination.close()]);
  for (const name of names) await tree.chooseFromMenu(name, LABELS.connect);
  await until('the tree to show the migration', async () => {
    const rows = await tree.rows();
    return rows.some(({ description }) => description === 'migrating · active');
  });
}

async function addUnreachable({ workbench }: Scene): Promise<void> {
  await workbench.runCommand('QMP: Add Connection…');
  await workbench.quickInput.waitForTitle('QMP: Add Connection');
  await workbench.quickInput.typeAndAccept(NOBODY);
  await workbench.notifications.waitFor(/refuses connections/);
  await workbench.notifications.clear();
  // A row with the focus would have a frame.
  await workbench.page.locator('.part.editor').click();
  await workbench.treeView(LABELS.view).row('127.0.0.1:9').hover();
  await workbench.page.locator('.monaco-hover', { hasText: 'refuses connections' }).waitFor();
}
