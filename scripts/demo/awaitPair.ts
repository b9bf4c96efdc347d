import { until } from '../process/until.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { LABELS, VM_NAMES } from './labels.ts';

const DEADLINE_MS = 60_000;

/** Waits until both VMs are connected, and the destination waiting: it is a new process after every migration. */
export async function awaitPair(workbench: Workbench): Promise<void> {
  const tree = workbench.treeView(LABELS.view);
  await until(
    'both VMs to be ready in the tree',
    async () => {
      const rows = await tree.rows();
      const descriptionOf = (name: string) => rows.find(({ label }) => label === name)?.description ?? '';
      for (const name of Object.values(VM_NAMES)) {
        if (descriptionOf(name).includes(LABELS.unreachable))
          await tree.clickInlineAction(name, LABELS.connect);
      }
      const isWaiting = descriptionOf(VM_NAMES.destination).includes(LABELS.waiting);
      return isWaiting && descriptionOf(VM_NAMES.source).startsWith('running');
    },
    DEADLINE_MS,
  );
}
