import type { Event } from '../../shared/emitter.ts';
import type { RunRecord } from '../../shared/runRecord.ts';

/** A run that a panel shows: one from disk, or one that is being followed. */
export interface ChartSource {
  /** Names the run across restarts; see `RunStore`. */
  readonly key: string;
  readonly record: RunRecord;
  /** Present while the migration runs. */
  readonly live?: LiveRun;
}

export interface LiveRun {
  /** Fires after the record has grown; the last time with its result set. */
  readonly onUpdate: Event<RunRecord>;
  /** Absent when it is not ours to cancel. */
  cancel?(): Promise<unknown>;
}
