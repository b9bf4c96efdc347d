import type { Frame } from 'playwright-core';
import type { ThemeLabel } from '../workbench/themes.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { LABELS } from './labels.ts';

/** Sets the theme and waits until the chart is drawn in it. */
export async function showChartIn(workbench: Workbench, theme: ThemeLabel): Promise<Frame> {
  await workbench.setTheme(theme);
  const kind = theme.startsWith('Light') ? 'vscode-light' : 'vscode-dark';
  const frame = await workbench.webview(`body.${kind} ${LABELS.chartPage}`);
  // The chart is drawn anew in the next frame after the change.
  await frame.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return frame;
}
