import type { QmpEvent } from '../qmp/monitor.ts';

/**
 * Puts QEMU's event timestamps on our clock. Arrival never precedes the event, so the smallest difference of the two
 * seen so far is the best estimate of how far the clocks are apart. VMs of one machine share one EventClock.
 */
export class EventClock {
  private offsetMs = Number.POSITIVE_INFINITY;

  /** @returns ms since the Unix epoch by our clock */
  timeOf(event: QmpEvent): number {
    if (event.timestampUs === 0) return event.receivedAt;
    const theirs = event.timestampUs / 1000;
    this.offsetMs = Math.min(this.offsetMs, event.receivedAt - theirs);
    return theirs + this.offsetMs;
  }
}
