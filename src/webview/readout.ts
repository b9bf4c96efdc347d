import type { BandwidthUnit, ChartSwitchover } from '../shared/chartMessages.ts';
import { formatBandwidth, formatBytes, formatDuration } from '../shared/units.ts';
import type { ChartModel } from './chartModel.ts';
import { LINE_NAMES, LINES, type LineName } from './lineCatalog.ts';

export interface Readout {
  /** "12.30 s, pass 7" or "latest, 15.6 s". */
  moment: string;
  /** Formatted; absent where nothing is known. */
  values: Partial<Record<LineName, string>>;
}

/** The values at a sample, or the latest known ones without a row. */
export function readOut(model: ChartModel, row: number | undefined, unit: BandwidthUnit): Readout {
  const { samples, state } = model.view;
  const pick = (column: (number | null)[]): number | null =>
    (row === undefined ? column.findLast((value) => value !== null) : column[row]) ?? null;
  const t = row === undefined ? model.end : (samples.t[row] ?? 0);
  const bandwidth = (value: number | null | undefined): string | undefined =>
    value == null ? undefined : formatBandwidth(value, unit);
  const bytes = (value: number | null): string | undefined =>
    value === null ? undefined : formatBytes(value);
  return {
    moment: model.isEmpty ? '' : momentText(model, row, t),
    values: withoutAbsent({
      estimate: bandwidth(pick(samples.estimatedBandwidth)),
      average: averageText(model, row, t, unit),
      declared: bandwidth(pick(samples.declaredBandwidth) || null),
      maxBandwidth: bandwidth(pick(samples.maxBandwidth) || null),
      switchover: switchoverText(state.switchover, unit),
      remaining: bytes(pick(samples.remaining)),
      thresholdByEstimate: bytes(pick(samples.thresholdByEstimate)),
      thresholdByDeclared: bytes(pick(samples.thresholdByDeclared)),
    }),
  };
}

/** One sentence for a screen reader. */
export function readoutSentence({ moment, values }: Readout): string {
  const parts = LINE_NAMES.flatMap((name) => (values[name] ? [`${LINES[name].label} ${values[name]}`] : []));
  return [moment, ...parts].join('; ');
}

/** QEMU's reported downtime is too short, and so the bandwidth computed from it too high: that has to be told. */
function switchoverText(switchover: ChartSwitchover | undefined, unit: BandwidthUnit): string | undefined {
  if (switchover?.bandwidth === undefined) return undefined;
  const text = formatBandwidth(switchover.bandwidth, unit);
  return switchover.measuredBy === 'reported-downtime' ? `${text} (by reported downtime)` : text;
}

function momentText(model: ChartModel, row: number | undefined, t: number): string {
  if (row === undefined) return `last values, ${formatDuration(t)}`;
  const pass = stretchAt(model.view.iterations, t)?.pass;
  const step = stretchAt(model.view.steps, t);
  const isPooled = step !== undefined && step.firstPass !== step.lastPass;
  return [
    `${(t / 1000).toFixed(2)} s`,
    ...(pass === undefined ? [] : [`pass ${pass}`]),
    ...(isPooled ? [`averaged over ${step.firstPass}–${step.lastPass}`] : []),
  ].join(', ');
}

function averageText(
  model: ChartModel,
  row: number | undefined,
  t: number,
  unit: BandwidthUnit,
): string | undefined {
  const step = row === undefined ? model.view.steps.at(-1) : stretchAt(model.view.steps, t);
  if (!step) return undefined;
  const value = formatBandwidth(step.bandwidth, unit);
  return step.firstPass === step.lastPass ? value : `≈ ${value}`;
}

/** The stretch that contains `t`, by bisection: the lists are ordered and do not overlap. */
function stretchAt<T extends { start: number; end: number }>(
  stretches: readonly T[],
  t: number,
): T | undefined {
  let low = 0;
  let high = stretches.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const stretch = stretches[middle];
    if (!stretch) return undefined;
    if (t < stretch.start) high = middle - 1;
    else if (t > stretch.end) low = middle + 1;
    else return stretch;
  }
  return undefined;
}

function withoutAbsent(values: Record<LineName, string | undefined>): Readout['values'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
