import { type Disposable, toDisposable } from './disposable.ts';

/** Time as the core sees it, so that tests can own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fractions; runs backwards only when the host's clock is set. */
  now(): number;
  /** Calls back once after `ms` milliseconds, unless disposed before. */
  after(ms: number, callback: () => void): Disposable;
}

declare const performance: { readonly timeOrigin: number; now(): number };
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** A larger step of the wall clock was a suspend or a clock that was set: the monotonic clock knows nothing of it. */
const STEP_MS = 1000;

class SystemClock implements Clock {
  private offset = performance.timeOrigin;

  now(): number {
    const monotonic = performance.now();
    const behind = Date.now() - (this.offset + monotonic);
    if (Math.abs(behind) > STEP_MS) this.offset += behind;
    return this.offset + monotonic;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = setTimeout(callback, ms);
    return toDisposable(() => clearTimeout(timer));
  }
}

export const systemClock: Clock = new SystemClock();
