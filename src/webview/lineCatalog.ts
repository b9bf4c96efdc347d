import type { ThemeColor } from './theme.ts';

export type PlotName = 'bandwidth' | 'remaining';

export type LineName =
  | 'estimate'
  | 'average'
  | 'declared'
  | 'maxBandwidth'
  | 'switchover'
  | 'remaining'
  | 'thresholdByEstimate'
  | 'thresholdByDeclared';

/** How a line looks: told apart by dash, width and label as well as by colour. */
export interface LineStyle {
  plot: PlotName;
  label: string;
  color: ThemeColor;
  /** CSS pixels. */
  width: number;
  dash: number[];
}

/** What belongs to QEMU's estimate is blue, what belongs to the declared bandwidth is yellow, in both plots. */
export const LINES: Record<LineName, LineStyle> = {
  estimate: { plot: 'bandwidth', label: 'QEMU’s estimate', color: 'blue', width: 1.5, dash: [] },
  average: { plot: 'bandwidth', label: 'Average of each iteration', color: 'green', width: 3, dash: [] },
  declared: { plot: 'bandwidth', label: 'Declared', color: 'yellow', width: 2, dash: [8, 5] },
  maxBandwidth: {
    plot: 'bandwidth',
    label: 'max-bandwidth',
    color: 'foreground',
    width: 1.5,
    dash: [1.5, 4],
  },
  switchover: { plot: 'bandwidth', label: 'Reached in the switchover', color: 'purple', width: 4, dash: [] },
  remaining: { plot: 'remaining', label: 'Remaining', color: 'green', width: 2, dash: [] },
  thresholdByEstimate: {
    plot: 'remaining',
    label: 'Threshold by QEMU’s estimate',
    color: 'blue',
    width: 1.5,
    dash: [10, 3, 2, 3],
  },
  thresholdByDeclared: {
    plot: 'remaining',
    label: 'Threshold by declared value',
    color: 'yellow',
    width: 2,
    dash: [8, 5],
  },
};

export const LINE_NAMES = Object.keys(LINES) as LineName[];

/** Patterns that belong to a plot as a whole and cannot be switched off. */
export const NOTES: Record<PlotName, { label: string; color: ThemeColor; pattern: 'hatched' | 'bar' }> = {
  bandwidth: { label: 'Short passes, averaged together', color: 'green', pattern: 'hatched' },
  remaining: { label: 'Below the threshold in force', color: 'foreground', pattern: 'bar' },
};
