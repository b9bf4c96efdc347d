import { LABELS } from '../demo/labels.ts';
import { until } from '../process/until.ts';
import type { Scene } from './scene.ts';

/** The view of somebody who has no connection yet. Last, because it takes all of them away. */
export async function pictureOfWelcome({ workbench, camera }: Scene): Promise<void> {
  const tree = workbench.treeView(LABELS.view);
  const rows = await until('the tree', async () => {
    const shown = await tree.rows();
    return shown.length > 0 ? shown : undefined;
  });
  for (const { label } of rows) {
    await tree.chooseFromMenu(label, 'Remove Connection');
    await tree.row(label).waitFor({ state: 'hidden' });
  }
  await until('the welcome content', async () => (await tree.welcomeText()) !== '');
  await camera.corner('welcome', { width: 420, height: 356 });
}
