import type { BandwidthStep, BandwidthUnit } from '../shared/chartMessages.ts';
import { bytesPerSecondIn, formatBandwidth, formatDuration } from '../shared/units.ts';
import { scaleTop } from './axisScale.ts';
import { bandwidthIncrements, tickTexts } from './axisTicks.ts';
import type { LabelPainter } from './labelPainter.ts';
import { LINES } from './lineCatalog.ts';
import type { Painter } from './painter.ts';
import type { PlotContext, PlotSpec } from './plot.ts';
import type { Stretch } from './stretches.ts';

const POOLED_DASH = [6, 3];

/** The upper plot: bandwidth over time. `unit` is asked at every draw. */
export function bandwidthPlot(unit: () => BandwidthUnit): PlotSpec {
  return {
    describe: (context) => describe(context, unit()),
    series: (theme) => [
      {
        line: 'estimate',
        stroke: theme.blue,
        width: LINES.estimate.width,
        points: { size: 5, fill: theme.blue, stroke: theme.blue, width: 0 },
      },
    ],
    columns: ({ view }) => [view.samples.estimatedBandwidth],
    yIncrements: () => bandwidthIncrements(unit()),
    yTexts: (ticks, increment) => tickTexts(ticks, increment, bytesPerSecondIn(unit())),
    top,
    paintBelow: (painter, context) => {
      paintStepAreas(painter, context);
      paintSteps(painter, context);
    },
    paintAbove: (painter, context) => {
      // A long run's estimate is a band, not a line, and would hide what lies beneath.
      if (painter.isCrowded(context.model.view.samples.t.length)) paintSteps(painter, context);
      const labels = painter.labels();
      for (const levels of [context.model.declared, context.model.maxBandwidth])
        labels.avoid(levels.at(-1)?.value);
      paintSwitchover(painter, labels, context, unit());
      for (const { t, text } of context.model.view.state.marks) {
        painter.mark(t);
        labels.atMark(text, t);
      }
      paintLimits(painter, labels, context, unit());
    },
  };
}

function top({ model, hidden }: PlotContext): number {
  const { largest, view } = model;
  const measured = Math.max(
    hidden.has('estimate') ? 0 : largest.estimatedBandwidth,
    hidden.has('average') ? 0 : model.largestStep,
  );
  return scaleTop(measured, [
    hidden.has('declared') ? 0 : largest.declaredBandwidth,
    hidden.has('maxBandwidth') ? 0 : largest.maxBandwidth,
    hidden.has('switchover') ? 0 : (view.state.switchover?.bandwidth ?? 0),
  ]);
}

function paintStepAreas(painter: Painter, context: PlotContext): void {
  const { single, pooled } = shownSteps(painter, context);
  painter.areas(single, LINES.average.color, 'plain');
  painter.areas(pooled, LINES.average.color, 'hatched');
}

function paintSteps(painter: Painter, context: PlotContext): void {
  const { single, pooled } = shownSteps(painter, context);
  painter.levels(single, LINES.average);
  painter.levels(pooled, { ...LINES.average, dash: POOLED_DASH });
}

function shownSteps(
  painter: Painter,
  { model, hidden }: PlotContext,
): Record<'single' | 'pooled', Stretch<number>[]> {
  const shown = hidden.has('average') ? [] : painter.visible(model.view.steps);
  return {
    single: shown.filter((step) => !isPooled(step)).map(toLevel),
    pooled: shown.filter(isPooled).map(toLevel),
  };
}

function isPooled(step: BandwidthStep): boolean {
  return step.firstPass !== step.lastPass;
}

function toLevel({ start, end, bandwidth }: BandwidthStep): Stretch<number> {
  return { start, end, value: bandwidth };
}

function paintLimits(
  painter: Painter,
  labels: LabelPainter,
  { model, hidden }: PlotContext,
  unit: BandwidthUnit,
): void {
  for (const [line, levels] of [
    ['declared', model.declared],
    ['maxBandwidth', model.maxBandwidth],
  ] as const) {
    const style = LINES[line];
    const shown = hidden.has(line) ? [] : painter.visible(levels);
    painter.levels(shown, style);
    const last = shown.at(-1);
    if (!last) continue;
    const text = `${style.label.toLowerCase()} ${formatBandwidth(last.value, unit)}`;
    if (last.value > painter.top) labels.atEdge(text, last.end, style.color);
    else labels.onLine(text, last.value, last.end, style.color, 'over');
  }
}

function paintSwitchover(
  painter: Painter,
  labels: LabelPainter,
  { model, hidden }: PlotContext,
  unit: BandwidthUnit,
): void {
  const { start, end, bandwidth } = model.view.state.switchover ?? {};
  if (hidden.has('switchover') || start === undefined) return;
  const { color } = LINES.switchover;
  painter.bands([{ start, end: end ?? start }], { color, strength: 0.4, bar: 0 });
  if (end === undefined || bandwidth === undefined) return;
  const text = `switchover ${formatBandwidth(bandwidth, unit)}, ${formatDuration(end - start)}`;
  const middle = (start + end) / 2;
  if (bandwidth > painter.top) {
    labels.atEdge(text, middle, color);
    return;
  }
  painter.levels([{ start, end, value: bandwidth }], LINES.switchover);
  painter.diamond(middle, bandwidth, color);
  labels.atPoint(text, middle, bandwidth, color);
}

function describe({ model }: PlotContext, unit: BandwidthUnit): string {
  const { view, largest } = model;
  if (model.isEmpty) return 'Bandwidth over time. No sample yet.';
  const estimate = view.samples.estimatedBandwidth.at(-1);
  const declared = model.declared.at(-1);
  const reached = view.state.switchover?.bandwidth;
  const parts = [
    `Bandwidth over ${formatDuration(model.end)}, ${view.iterations.length} passes`,
    estimate == null ? undefined : `QEMU’s estimate now ${formatBandwidth(estimate, unit)}`,
    largest.estimatedBandwidth > 0
      ? `at most ${formatBandwidth(largest.estimatedBandwidth, unit)}`
      : undefined,
    declared ? `declared ${formatBandwidth(declared.value, unit)}` : 'nothing declared',
    reached === undefined ? undefined : `switchover at ${formatBandwidth(reached, unit)}`,
    ...view.state.marks.map(({ t, text }) => `at ${formatDuration(t)} ${text}`),
  ];
  return `${parts.filter((part) => part !== undefined).join('; ')}.`;
}
