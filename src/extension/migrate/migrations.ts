import type { MigrationWatch } from '../../migration/migrationWatch.ts';
import type { RunJournal } from '../../migration/runJournal.ts';
import { runName } from '../../migration/runName.ts';
import type { RunStore } from '../../migration/runStore.ts';
import { DisposableList } from '../../shared/disposable.ts';
import { Emitter } from '../../shared/emitter.ts';
import type { Logger } from '../../shared/logger.ts';
import type { RunRecord } from '../../shared/runRecord.ts';
import type { ChartSource, LiveRun } from '../charts/chartSource.ts';
import type { Vm } from '../connections/vm.ts';

/** A migration that is being followed and written down. */
export interface FollowedRun extends ChartSource {
  readonly vm: Vm;
  readonly watch: MigrationWatch;
  readonly live: LiveRun;
  /** Settles when the migration has ended and its record is on disk. */
  readonly recorded: Promise<RunRecord>;
}

/** Samples come ten times a second: after so long without one something is wrong. */
const SAMPLES_TELL_MS = 3000;

/** The migrations that this window follows: at most one per VM, as QEMU has it. */
export class Migrations {
  private readonly store: RunStore;
  private readonly logger: Logger;
  private readonly complain: (error: Error) => void;
  private readonly runs = new Map<Vm, FollowedRun>();
  private readonly starts = new Emitter<FollowedRun>();
  private readonly own = new DisposableList();

  /** Fires when a migration begins to be followed, also when that goes on after a restart. */
  readonly onDidStart = this.starts.event;

  /** @param complain tells the user what could not be written */
  constructor(store: RunStore, logger: Logger, complain: (error: Error) => void) {
    this.store = store;
    this.logger = logger;
    this.complain = complain;
    this.own.add(this.starts);
  }

  of(vm: Vm): FollowedRun | undefined {
    return this.runs.get(vm);
  }

  /** True while the samples of a migration tell enough of its VM, so that nothing else need be asked. */
  isSampling(vm: Vm, now: number): boolean {
    const record = this.runs.get(vm)?.record;
    const last = record?.samples.at(-1);
    return record !== undefined && now - Date.parse(record.startedAt) - (last?.t ?? 0) < SAMPLES_TELL_MS;
  }

  find(key: string): FollowedRun | undefined {
    return [...this.runs.values()].find((run) => run.key === key);
  }

  /**
   * Follows `watch` to its end and writes its record, into `journal` when an earlier window began it. The migration
   * runs already: one that can not be written down is followed all the same.
   */
  async follow(vm: Vm, watch: MigrationWatch, journal?: RunJournal): Promise<FollowedRun> {
    const complain = (error: unknown): undefined => {
      this.complain(notRecorded(vm, error));
    };
    const written = journal ?? (await this.store.begin(watch.record).catch(complain));
    const updates = watch.onUpdate((record) => written?.update(record));
    const recorded = watch.finished
      .then(async (record) => {
        updates.dispose();
        // Disposed before the migration ended: the journal stays, for the next window to go on with.
        if (record.result) await written?.finish(record).catch(complain);
        else await written?.suspend();
        await vm.refresh();
        return record;
      })
      .finally(() => {
        if (this.runs.get(vm)?.watch === watch) this.runs.delete(vm);
      });
    recorded.catch((error: unknown) => this.logger.error(`record of ${vm.name}: ${String(error)}`));
    const { onUpdate } = watch;
    const live = vm.isOwnedByLibvirt ? { onUpdate } : { onUpdate, cancel: () => watch.cancel() };
    const key = written?.key ?? runName(watch.record);
    const run: FollowedRun = { key, record: watch.record, vm, watch, live, recorded };
    this.runs.set(vm, run);
    this.starts.fire(run);
    return run;
  }

  /** Stops following; the migrations go on. */
  dispose(): void {
    this.own.dispose();
    for (const { watch } of this.runs.values()) watch.dispose();
  }
}

function notRecorded(vm: Vm, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `The migration of ${vm.name} can not be recorded: ${reason}. Its chart stays until it is closed: export it from there.`,
    { cause },
  );
}
