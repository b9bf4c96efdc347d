import { LABELS } from '../demo/labels.ts';
import type { Workbench } from '../workbench/workbench.ts';

const DEADLINE_MS = 60_000;

/** Waits until the chart's table has more rows than `count`. */
export async function awaitPasses(workbench: Workbench, count: number): Promise<void> {
  const frame = await workbench.webview(LABELS.chartPage);
  const row = frame.locator('.iterations tbody tr').nth(count);
  await row.waitFor({ state: 'attached', timeout: DEADLINE_MS });
}
