import type { Monitor } from '../qmp/monitor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { JsonValue } from '../shared/json.ts';

export interface QuerySamplerOptions {
  monitor: Monitor;
  clock: Clock;
  /** From one reply to the next question. */
  intervalMs: number;
  /** @param at our clock when the reply came, ms since the Unix epoch */
  onReply(reply: JsonValue, at: number): void;
  onError(error: unknown): void;
}

/** A QEMU that is frozen, or out of reach, says nothing: then the log does. */
const answerTimeoutMs = 5000;

/**
 * Asks query-migrate again and again: never two at once, the next no sooner than `intervalMs` after the last reply,
 * except when `askNow` is called.
 */
export class QuerySampler implements Disposable {
  private readonly options: QuerySamplerOptions;
  private timer: Disposable | undefined;
  private asking = false;
  private askAgain = false;
  private disposed = false;

  constructor(options: QuerySamplerOptions) {
    this.options = options;
  }

  /** Asks at once; when a question is under way, again after its reply, which may be older than the reason to ask. */
  askNow(): void {
    if (this.disposed) return;
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    void this.ask();
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  private async ask(): Promise<void> {
    const { monitor, clock, intervalMs, onReply, onError } = this.options;
    this.timer?.dispose();
    this.asking = true;
    this.askAgain = false;
    try {
      const reply = await monitor.execute('query-migrate', undefined, { timeoutMs: answerTimeoutMs });
      if (!this.disposed) onReply(reply, clock.now());
    } catch (error) {
      if (!this.disposed) onError(error);
    }
    this.asking = false;
    if (this.disposed) return;
    if (this.askAgain) this.askNow();
    else this.timer = clock.after(intervalMs, () => this.askNow());
  }
}
