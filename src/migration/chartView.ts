import {
  type BandwidthUnit,
  type ChartIteration,
  type ChartMark,
  type ChartSamples,
  type ChartState,
  type ChartSwitchover,
  type ChartView,
  emptyChartSamples,
} from '../shared/chartMessages.ts';
import type { ExactInteger } from '../shared/json.ts';
import type { Iteration, ParameterChange, RunRecord, Sample } from '../shared/runRecord.ts';
import { bandwidthSteps, runningIteration } from './iterations.ts';
import { type ParametersAt, ParameterTimeline } from './parameterTimeline.ts';
import { defined, isPostcopy } from './queryMigrate.ts';
import { runFacts } from './runFacts.ts';
import { declaredThreshold } from './threshold.ts';
import { verdict } from './verdict.ts';

export interface ChartOptions {
  /** The migration is being followed now. */
  live: boolean;
  canCancel: boolean;
  /** Of the figures in the head; MiB/s by default. */
  unit?: BandwidthUnit;
}

/** Above this a max-bandwidth is another word for "no limit" (1 TB/s). */
const noLimit = 1e12;

/** QEMU is asked every 100 ms: between samples this far apart, as after a reload of the window, nothing was measured. */
const unseenMs = 2000;

/** All that the chart's page draws, computed from a record alone. */
export function chartView(record: RunRecord, options: ChartOptions): ChartView {
  return {
    title: titleOf(record),
    startedAt: record.startedAt,
    samples: chartSamples(record, 0),
    iterations: chartIterations(record, 0, new ParameterTimeline(record)),
    steps: bandwidthSteps(record),
    state: chartState(record, options),
  };
}

function titleOf({ vm, destination, destinationVm }: RunRecord): string {
  const where = destinationVm ?? destination;
  return where === undefined ? vm.name : `${vm.name} → ${where}`;
}

/** The rows of the samples from index `from` on. */
export function chartSamples(record: RunRecord, from: number): ChartSamples {
  const timeline = new ParameterTimeline(record);
  const columns = emptyChartSamples();
  let before = record.samples[from - 1];
  for (const sample of record.samples.slice(from)) {
    if (before && sample.t - before.t > unseenMs) addUnknown(columns, (before.t + sample.t) / 2);
    before = sample;
    const parameters = timeline.at(sample.t);
    const { declaredBandwidth, maxBandwidth } = parameters;
    const limited = maxBandwidth !== undefined && Number(maxBandwidth) < noLimit;
    columns.t.push(sample.t);
    columns.estimatedBandwidth.push(sample.estimatedBandwidth ?? null);
    columns.declaredBandwidth.push(number(declaredBandwidth));
    columns.maxBandwidth.push(limited ? Number(maxBandwidth) : null);
    columns.remaining.push(sample.remaining ?? null);
    columns.thresholdByEstimate.push(thresholdByEstimate(sample, parameters));
    columns.thresholdByDeclared.push(thresholdByDeclared(parameters));
  }
  return columns;
}

/** A row of which nothing is known: the lines end before it and begin anew after it. */
function addUnknown({ t, ...columns }: ChartSamples, at: number): void {
  t.push(at);
  for (const column of Object.values(columns)) column.push(null);
}

/** The rows of the table from index `from` on; the pass under way is the last one, as far as it got. */
export function chartIterations(
  record: RunRecord,
  from: number,
  timeline: ParameterTimeline,
): ChartIteration[] {
  const running = runningIteration(record);
  const rows = [...record.iterations, ...(running ? [running] : [])].slice(from);
  return rows.map((row) => chartIteration(row, timeline.at(row.end).declaredBandwidth));
}

export function chartState(record: RunRecord, { live, canCancel, unit }: ChartOptions): ChartState {
  const { result } = record;
  const going = live && result === undefined;
  const status = result?.status ?? record.samples.at(-1)?.status ?? 'setup';
  return {
    status,
    live: going,
    canCancel: canCancel && going && !isPostcopy(status),
    verdict: verdict(record),
    facts: runFacts(record, unit ?? 'MiB/s'),
    marks: record.changes.map(markOf),
    ...defined('switchover', switchoverOf(record)),
  };
}

function chartIteration(row: Iteration, declared: ExactInteger | undefined): ChartIteration {
  const { pass, start, end, bytes, bandwidth, dirtyRate, remaining } = row;
  const percent = bandwidth === undefined || !declared ? undefined : (100 * bandwidth) / Number(declared);
  return {
    pass,
    start,
    end,
    ...defined('bytes', bytes),
    ...defined('bandwidth', bandwidth),
    ...defined('dirtyRate', dirtyRate),
    ...defined('remaining', remaining),
    ...defined('percentOfDeclared', percent),
  };
}

function switchoverOf({ result }: RunRecord): ChartSwitchover | undefined {
  if (!result) return undefined;
  const { switchoverStart, switchoverEnd, switchoverBandwidth, switchoverMeasuredBy } = result;
  if (switchoverStart === undefined && switchoverBandwidth === undefined) return undefined;
  return {
    ...defined('start', switchoverStart),
    ...defined('end', switchoverEnd),
    ...defined('bandwidth', switchoverBandwidth),
    ...defined('measuredBy', switchoverMeasuredBy),
  };
}

function markOf({ t, parameter, from, to }: ParameterChange): ChartMark {
  return { t, text: from === undefined ? `${parameter}: ${to}` : `${parameter}: ${from} → ${to}` };
}

function thresholdByEstimate(sample: Sample, parameters: ParametersAt): number | null {
  const { estimatedBandwidth, threshold } = sample;
  if (estimatedBandwidth === undefined || parameters.downtimeLimitMs === undefined) return null;
  if (parameters.declaredBandwidth === undefined && threshold !== undefined) return Number(threshold);
  return (estimatedBandwidth * Number(parameters.downtimeLimitMs)) / 1000;
}

function thresholdByDeclared({ declaredBandwidth, downtimeLimitMs }: ParametersAt): number | null {
  if (declaredBandwidth === undefined || downtimeLimitMs === undefined) return null;
  return number(declaredThreshold(declaredBandwidth, downtimeLimitMs));
}

function number(value: ExactInteger | undefined): number | null {
  return value === undefined ? null : Number(value);
}
