import type { ChartSamples, ChartView, ToChart } from '../shared/chartMessages.ts';
import { extendStretches, type Stretch } from './stretches.ts';

type Column = Exclude<keyof ChartSamples, 't'>;

const COLUMNS: Column[] = [
  'estimatedBandwidth',
  'declaredBandwidth',
  'maxBandwidth',
  'remaining',
  'thresholdByEstimate',
  'thresholdByDeclared',
];

/** Share of the run above which the first pass is what there is to see. */
const LONG_FIRST_PASS = 0.75;

/**
 * What the page shows, and what can be derived from it one sample at a time, so that an increment costs the same
 * after an hour as after a second.
 */
export class ChartModel {
  readonly view: ChartView;
  readonly declared: Stretch<number>[] = [];
  readonly maxBandwidth: Stretch<number>[] = [];
  readonly thresholdByDeclared: Stretch<number>[] = [];
  /** Where the remaining bytes lay below the threshold in force. */
  readonly below: Stretch<true>[] = [];
  /** Largest value of each column so far; 0 when there is none. */
  readonly largest: Record<Column, number>;
  /** When `remaining` was largest, in ms. */
  largestRemainingAt = 0;
  /** The largest average of a step; 0 when there is none. */
  largestStep = 0;
  /** Largest `remaining` after the first pass seen; 0 when there is none. */
  largestRemainingLater = 0;

  constructor(view: ChartView) {
    this.view = view;
    this.largest = {
      estimatedBandwidth: 0,
      declaredBandwidth: 0,
      maxBandwidth: 0,
      remaining: 0,
      thresholdByEstimate: 0,
      thresholdByDeclared: 0,
    };
    this.derive(0);
  }

  get isEmpty(): boolean {
    return this.view.samples.t.length === 0;
  }

  /** The last moment that anything is known of, in ms. */
  get end(): number {
    const { samples, iterations, state } = this.view;
    return Math.max(
      samples.t.at(-1) ?? 0,
      iterations.at(-1)?.end ?? 0,
      state.switchover?.end ?? 0,
      state.switchover?.start ?? 0,
    );
  }

  /** Whether what came after the first pass is long enough to be worth a scale of its own. */
  get hasLaterPasses(): boolean {
    const [first, second] = this.view.iterations;
    return (
      first !== undefined && second !== undefined && first.end - first.start < LONG_FIRST_PASS * this.end
    );
  }

  /** Returns false, and changes nothing, when the increment leaves a hole: the whole state is needed then. */
  append(increment: Extract<ToChart, { type: 'append' }>): boolean {
    const { samples, iterations, steps } = this.view;
    if (increment.iterations.from > iterations.length || increment.steps.from > steps.length) return false;
    const from = samples.t.length;
    samples.t.push(...increment.samples.t);
    for (const column of COLUMNS) samples[column].push(...increment.samples[column]);
    iterations.splice(increment.iterations.from, Number.POSITIVE_INFINITY, ...increment.iterations.items);
    steps.splice(increment.steps.from, Number.POSITIVE_INFINITY, ...increment.steps.items);
    this.view.state = increment.state;
    this.derive(from);
    return true;
  }

  private derive(from: number): void {
    const { samples, iterations, steps } = this.view;
    this.largestStep = steps.reduce((largest, step) => Math.max(largest, step.bandwidth), 0);
    // With one pass only, there is nothing after the first one yet.
    const firstPassEnd = iterations.length > 1 ? (iterations[0]?.end ?? 0) : Number.POSITIVE_INFINITY;
    for (let row = from; row < samples.t.length; row += 1) {
      const t = samples.t[row] ?? 0;
      if ((samples.remaining[row] ?? 0) > this.largest.remaining) this.largestRemainingAt = t;
      const before = row > 0 ? samples.t[row - 1] : undefined;
      for (const column of COLUMNS) {
        this.largest[column] = Math.max(this.largest[column], samples[column][row] ?? 0);
      }
      extendStretches(this.declared, before, t, limitAt(samples.declaredBandwidth, row));
      extendStretches(this.maxBandwidth, before, t, limitAt(samples.maxBandwidth, row));
      extendStretches(this.thresholdByDeclared, before, t, samples.thresholdByDeclared[row] ?? null);
      const remaining = samples.remaining[row] ?? null;
      const threshold = samples.thresholdByDeclared[row] ?? samples.thresholdByEstimate[row] ?? null;
      const isBelow = remaining !== null && threshold !== null && remaining < threshold;
      extendBelow(this.below, before, t, isBelow);
      if (t > firstPassEnd) this.largestRemainingLater = Math.max(this.largestRemainingLater, remaining ?? 0);
    }
  }
}

/** 0 means "not declared" or "no limit": there is nothing to draw then. */
function limitAt(column: (number | null)[], row: number): number | null {
  return column[row] || null;
}

/** Unlike a limit, which holds until it is changed, "below" is known at the samples only. */
function extendBelow(below: Stretch<true>[], before: number | undefined, t: number, isBelow: boolean): void {
  if (!isBelow) return;
  const last = below.at(-1);
  if (last !== undefined && last.end === before) last.end = t;
  else below.push({ start: t, end: t, value: true });
}
