import type { Workbench } from '../workbench/workbench.ts';
import { LABELS, VM_NAMES } from './labels.ts';
import { PLAN } from './plan.ts';

/** Goes through "Migrate VM…" of the source as a person would, from the tree to the last step. */
export async function startMigration(
  workbench: Workbench,
  declaredBandwidth: number | undefined,
): Promise<void> {
  const tree = workbench.treeView(LABELS.view);
  const { quickInput } = workbench;
  await tree.clickInlineAction(VM_NAMES.source, LABELS.migrate);

  await quickInput.waitForTitle(LABELS.destinationStep);
  await quickInput.pick(VM_NAMES.destination);

  await quickInput.waitForTitle(LABELS.declaredStep);
  if (declaredBandwidth === undefined) {
    await quickInput.pick(LABELS.notDeclared);
  } else {
    await quickInput.type(String(declaredBandwidth));
    // The row echoes the exact value that was understood.
    await quickInput.pick(`${declaredBandwidth} B/s`);
  }

  await quickInput.waitForTitle(LABELS.maxBandwidthStep);
  await quickInput.typeAndAccept(String(PLAN.maxBandwidth));

  await quickInput.waitForTitle(LABELS.downtimeLimitStep);
  await quickInput.typeAndAccept(String(PLAN.downtimeLimitMs));
  await quickInput.waitUntilClosed();
}
