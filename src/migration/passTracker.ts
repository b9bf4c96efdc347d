import type { Iteration, Sample } from '../shared/runRecord.ts';
import { defined } from './queryMigrate.ts';

/** A sample may come this much after a pass began and still tell what had been sent by then. */
const closeEnoughMs = 20;
/** The share by which `remaining` at the end of a pass may be off. */
const freshShare = 0.1;

interface Boundary {
  pass: number;
  t: number;
}

/**
 * Makes iterations out of the moments at which passes began and of samples. A pass is known only when the next one has begun
 * and a sample tells what had been sent by then; between two samples the bytes are interpolated. Where the beginning of a
 * pass was missed, the iteration before it stretches to the next one.
 */
export class PassTracker {
  private readonly fromSamples: boolean;
  private waiting: Boundary[] = [];
  private current: (Boundary & { transferred?: number }) | undefined;
  private lastMark: { t: number; transferred: number } | undefined;

  /** @param fromSamples take the pass numbers from the samples, for want of events */
  constructor(fromSamples: boolean) {
    this.fromSamples = fromSamples;
  }

  /** Goes on in the middle of a pass whose beginning was seen by somebody else. */
  resumeAt(pass: number, t: number, transferred: number | undefined): void {
    this.current = { pass, t, ...defined('transferred', transferred) };
  }

  /** Forgets the pass under way: its beginning or its end was not seen. */
  lose(): void {
    this.waiting = [];
    this.current = undefined;
    this.lastMark = undefined;
  }

  /** A MIGRATION_PASS event. */
  passBegan(pass: number, t: number): void {
    if (!this.fromSamples) this.begin(pass, t);
  }

  /** @returns the iterations that this sample completes */
  sampled(sample: Sample): Iteration[] {
    if (this.fromSamples && sample.pass !== undefined) this.begin(sample.pass, sample.t);
    const due = this.waiting.filter((boundary) => boundary.t <= sample.t);
    this.waiting = this.waiting.slice(due.length);
    const done = due.flatMap((boundary) => this.cross(boundary, sample));
    if (sample.transferred !== undefined) this.lastMark = { t: sample.t, transferred: sample.transferred };
    return done;
  }

  /** When the last pass began that no sample has reached yet. */
  get lastWaiting(): number | undefined {
    return this.waiting.at(-1)?.t;
  }

  /** @returns the pass under way, cut off at `end`, when its beginning is known */
  finish(end: Sample): Iteration[] {
    const cut = this.current;
    if (!cut || end.t <= cut.t) return [];
    this.current = undefined;
    return [
      iterationOf(
        cut,
        end.t,
        end.transferred,
        end.dirtyRate,
        end.status === 'completed' ? end.remaining : undefined,
      ),
    ];
  }

  private begin(pass: number, t: number): void {
    const latest = this.waiting.at(-1) ?? this.current;
    if (latest && pass <= latest.pass) return;
    this.waiting.push({ pass, t: Math.max(t, latest?.t ?? t) });
  }

  private cross(boundary: Boundary, sample: Sample): Iteration[] {
    // Before the first pass nothing is sent but some 200 bytes of heading.
    const transferred = boundary.pass === 1 ? 0 : this.transferredAt(boundary.t, sample);
    const previous = this.current;
    this.current = { ...boundary, ...defined('transferred', transferred) };
    if (!previous) return [];
    // A sample of a later pass tells nothing about this sync, a late one has less remaining than the sync found.
    const fits = sample.pass === boundary.pass;
    const left = fits && isFresh(sample, transferred) ? sample.remaining : undefined;
    return [iterationOf(previous, boundary.t, transferred, fits ? sample.dirtyRate : undefined, left)];
  }

  private transferredAt(t: number, after: Sample): number | undefined {
    if (after.transferred === undefined) return undefined;
    const before = this.lastMark;
    if (!before || before.t > t) return after.t - t <= closeEnoughMs ? after.transferred : undefined;
    if (after.t <= before.t) return after.transferred;
    const share = (t - before.t) / (after.t - before.t);
    return Math.round(before.transferred + (after.transferred - before.transferred) * share);
  }
}

/** Little has been sent since the sync, in proportion to what it found. */
function isFresh({ transferred, remaining }: Sample, atSync: number | undefined): boolean {
  if (transferred === undefined || remaining === undefined || atSync === undefined) return false;
  return transferred - atSync <= freshShare * remaining;
}

function iterationOf(
  start: Boundary & { transferred?: number },
  end: number,
  transferred: number | undefined,
  dirtyRate: number | undefined,
  remaining: number | undefined,
): Iteration {
  const bytes =
    transferred === undefined || start.transferred === undefined
      ? undefined
      : transferred - start.transferred;
  const bandwidth = bytes === undefined || end <= start.t ? undefined : (bytes * 1000) / (end - start.t);
  return {
    pass: start.pass,
    start: start.t,
    end,
    ...defined('bytes', bytes),
    ...defined('bandwidth', bandwidth),
    ...defined('dirtyRate', dirtyRate),
    ...defined('remaining', remaining),
  };
}
