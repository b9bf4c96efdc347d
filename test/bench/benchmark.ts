import type { Cleanup } from '../../scripts/process/cleanup.ts';

/** A number that was measured, and what it has to be. */
export interface Measurement {
  name: string;
  /** Absent when it could not be measured here; `remark` says why. */
  value?: number;
  unit: '×' | 'ms' | 'µs' | 'MB' | 'passes';
  target?: { atMost: number } | { atLeast: number };
  /** Where the true value lies with a probability of 95 %, of what varies much. */
  interval?: readonly [low: number, high: number];
  /** What else one should know to read the number. */
  remark?: string;
}

/** One group of measurements. What it starts it stops, or leaves to `cleanup`. */
export type Benchmark = (cleanup: Cleanup) => Promise<Measurement[]>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.length % 2 ? [sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** Where the true median lies with a probability of 95 %, by the ranks of independent values. */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const low = Math.max(0, Math.floor(sorted.length / 2 - reach));
  const high = sorted.length - 1 - low;
  return [sorted[low] ?? Number.NaN, sorted[high] ?? Number.NaN];
}

export interface Comparison {
  /** Medians over the rounds. */
  subject: number;
  reference: number;
  /** Median of the rounds' own ratios, so that a machine which slows down meanwhile does not count. */
  ratio: number;
}

/** Measures both in turn, round by round, each time in the other order. */
export async function compare(
  rounds: number,
  subject: () => number | Promise<number>,
  reference: () => number | Promise<number>,
): Promise<Comparison> {
  const pairs: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    const first = round % 2 === 0 ? await subject() : undefined;
    const second = await reference();
    // The first round only warms up.
    const pair: [number, number] = [first ?? (await subject()), second];
    if (round >= 0) pairs.push(pair);
  }
  return {
    subject: median(pairs.map(([value]) => value)),
    reference: median(pairs.map(([, value]) => value)),
    ratio: median(pairs.map(([value, base]) => value / base)),
  };
}

/** Milliseconds that one call of `work` takes, on the average of `times` calls. */
export function timed(times: number, work: () => unknown): number {
  const started = performance.now();
  for (let i = 0; i < times; i++) work();
  return (performance.now() - started) / times;
}

/** "unclear": the target is missed by less than what the measurement can tell. */
export function meetsTarget({ value, target, interval }: Measurement): 'yes' | 'NO' | 'unclear' {
  if (!target || value === undefined) return 'yes';
  const meets = (number: number): boolean =>
    'atMost' in target ? number <= target.atMost : number >= target.atLeast;
  if (meets(value)) return 'yes';
  return interval?.some(meets) ? 'unclear' : 'NO';
}
