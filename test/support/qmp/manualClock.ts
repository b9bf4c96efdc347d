import type { Clock } from '../../../src/shared/clock.ts';
import { type Disposable, toDisposable } from '../../../src/shared/disposable.ts';

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  private time = 1_700_000_000_000;
  private readonly timers = new Map<() => void, number>();

  /** Timers that would still fire. */
  get pending(): number {
    return this.timers.size;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = (): void => callback();
    this.timers.set(timer, this.time + ms);
    return toDisposable(() => this.timers.delete(timer));
  }

  advance(ms: number): void {
    this.time += ms;
    for (const [timer, due] of [...this.timers].sort((a, b) => a[1] - b[1])) {
      if (due <= this.time && this.timers.delete(timer)) timer();
    }
  }
}
