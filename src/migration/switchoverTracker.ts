import type { RunResult } from '../shared/runRecord.ts';
import type { MigrationReport } from './queryMigrate.ts';
import { defined } from './queryMigrate.ts';

type SwitchoverResult = Pick<
  RunResult,
  'switchoverBandwidth' | 'switchoverMeasuredBy' | 'switchoverStart' | 'switchoverEnd'
>;

/**
 * How long the guest stood still and how fast the rest of it went over. QEMU's own downtime is some tens of
 * milliseconds too short, so STOP on the source to RESUME on the destination is taken where both were seen on one clock.
 */
export class SwitchoverTracker {
  private start: number | undefined;
  private end: number | undefined;

  sourceStopped(t: number): void {
    this.start = t;
    this.end = undefined;
  }

  /** The guest goes on where it was: the STOP before was no switchover. */
  sourceResumed(): void {
    this.start = undefined;
    this.end = undefined;
  }

  destinationResumed(t: number): void {
    if (this.start !== undefined && t >= this.start) this.end = t;
  }

  get stoppedAt(): number | undefined {
    return this.start;
  }

  get isComplete(): boolean {
    return this.start !== undefined && this.end !== undefined;
  }

  /** Of a completed migration. */
  result(report: MigrationReport): SwitchoverResult {
    const { downtimeBytes, downtimeMs } = report;
    const seen = { ...defined('switchoverStart', this.start), ...defined('switchoverEnd', this.end) };
    // With multifd QEMU counts only a part of what it sends as downtime bytes, in some versions none.
    if (!downtimeBytes) return seen;
    if (this.start !== undefined && this.end !== undefined && this.end > this.start) {
      const switchoverBandwidth = (downtimeBytes * 1000) / (this.end - this.start);
      return { ...seen, switchoverBandwidth, switchoverMeasuredBy: 'stop-to-resume' };
    }
    if (!downtimeMs) return seen;
    return {
      ...seen,
      switchoverBandwidth: (downtimeBytes * 1000) / downtimeMs,
      switchoverMeasuredBy: 'reported-downtime',
    };
  }
}
