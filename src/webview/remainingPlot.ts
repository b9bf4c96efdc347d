import { formatBytes, formatDuration } from '../shared/units.ts';
import { remainingFocus, scaleTop } from './axisScale.ts';
import { byteIncrements } from './axisTicks.ts';
import type { LabelPainter } from './labelPainter.ts';
import { LINES } from './lineCatalog.ts';
import type { Painter } from './painter.ts';
import type { PlotContext, PlotSpec } from './plot.ts';
import type { Stretch } from './stretches.ts';

/** The lower plot: what is left to send against the thresholds. `isWhole` says whether the first pass is shown in full. */
export function remainingPlot(isWhole: () => boolean): PlotSpec {
  return {
    describe,
    series: (theme) => [
      {
        line: 'remaining',
        stroke: theme[LINES.remaining.color],
        width: LINES.remaining.width,
        points: {
          size: 5,
          fill: theme[LINES.remaining.color],
          stroke: theme[LINES.remaining.color],
          width: 0,
        },
      },
      {
        line: 'thresholdByEstimate',
        stroke: theme.blue,
        width: LINES.thresholdByEstimate.width,
        dash: LINES.thresholdByEstimate.dash,
        points: { size: 4, fill: theme.blue, stroke: theme.blue, width: 0, show: false },
      },
    ],
    columns: ({ view }) => [view.samples.remaining, view.samples.thresholdByEstimate],
    yIncrements: byteIncrements,
    yTexts: (ticks) => ticks.map((tick) => formatBytes(tick)),
    top: (context) => top(context, isWhole()),
    paintBelow: (painter, { model }) => {
      painter.bands(painter.visible(model.below), { color: 'foreground', strength: 0.1, bar: 5 });
    },
    paintAbove,
  };
}

function top({ model, hidden }: PlotContext, whole: boolean): number {
  const { largest } = model;
  const thresholds = [
    hidden.has('thresholdByEstimate') ? 0 : largest.thresholdByEstimate,
    hidden.has('thresholdByDeclared') ? 0 : largest.thresholdByDeclared,
  ];
  const remaining = hidden.has('remaining') ? 0 : largest.remaining;
  return scaleTop(
    whole ? remaining : remainingFocus(remaining, model.largestRemainingLater, thresholds),
    thresholds,
  );
}

function paintAbove(painter: Painter, { model, hidden }: PlotContext): void {
  const { samples, state } = model.view;
  const { start, end } = state.switchover ?? {};
  if (start !== undefined && !hidden.has('switchover')) {
    const { color } = LINES.switchover;
    painter.bands([{ start, end: end ?? start }], { color, strength: 0.4, bar: 0 });
  }
  for (const mark of state.marks) painter.mark(mark.t);
  const estimate = lastKnown(samples.thresholdByEstimate);
  const labels = painter.labels();
  labels.avoid(estimate);
  labels.avoid(model.thresholdByDeclared.at(-1)?.value);
  paintDeclared(
    painter,
    labels,
    hidden.has('thresholdByDeclared') ? [] : painter.visible(model.thresholdByDeclared),
  );
  if (estimate !== undefined && !hidden.has('thresholdByEstimate')) {
    labelThreshold(painter, labels, 'thresholdByEstimate', estimate, samples.t.at(-1) ?? 0);
  }
  if (!hidden.has('remaining') && model.largest.remaining > painter.top) {
    const text = `remaining up to ${formatBytes(model.largest.remaining)}`;
    labels.atEdge(text, model.largestRemainingAt, LINES.remaining.color);
  }
}

function paintDeclared(painter: Painter, labels: LabelPainter, levels: Stretch<number>[]): void {
  painter.levels(levels, LINES.thresholdByDeclared);
  const last = levels.at(-1);
  if (last) labelThreshold(painter, labels, 'thresholdByDeclared', last.value, last.end);
}

function labelThreshold(
  painter: Painter,
  labels: LabelPainter,
  line: 'thresholdByEstimate' | 'thresholdByDeclared',
  value: number,
  end: number,
): void {
  const { color } = LINES[line];
  const isEstimate = line === 'thresholdByEstimate';
  const text = `${isEstimate ? 'by estimate' : 'by declared'} ${formatBytes(value)}`;
  if (value > painter.top) labels.atEdge(`threshold ${text}`, end, color);
  else labels.onLine(text, value, end, color, isEstimate ? 'under' : 'over');
}

function lastKnown(column: (number | null)[]): number | undefined {
  return column.findLast((value) => value !== null) ?? undefined;
}

function describe({ model }: PlotContext): string {
  if (model.isEmpty) return 'Remaining memory against the switchover threshold. No sample yet.';
  const { samples } = model.view;
  const remaining = lastKnown(samples.remaining);
  const estimate = lastKnown(samples.thresholdByEstimate);
  const declared = lastKnown(samples.thresholdByDeclared);
  const parts = [
    `Remaining memory over ${formatDuration(model.end)}`,
    remaining === undefined ? undefined : `last seen ${formatBytes(remaining)}`,
    estimate === undefined ? undefined : `threshold by QEMU’s estimate ${formatBytes(estimate)}`,
    declared === undefined ? undefined : `threshold by the declared value ${formatBytes(declared)}`,
    model.below.length === 0 ? 'never seen below the threshold' : 'seen below the threshold',
  ];
  return `${parts.filter((part) => part !== undefined).join('; ')}.`;
}
