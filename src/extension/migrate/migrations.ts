import type { MigrationWatch } from '../../migration/migrationWatch.ts';
import type { RunJournal } from '../../migration/runJournal.ts';
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

/** The migrations that this window follows: at most one per VM, as QEMU has it. */
export class Migrations {
  private readonly store: RunStore;
  private readonly logger: Logger;
  private readonly runs = new Map<Vm, FollowedRun>();
  private readonly starts = new Emitter<FollowedRun>();
  private readonly own = new DisposableList();

  /** Fires when a migration begins to be followed, also when that goes on after a restart. */
  readonly onDidStart = this.starts.event;

  constructor(store: RunStore, logger: Logger) {
    this.store = store;
    this.logger = logger;
    this.own.add(this.starts);
  }

  of(vm: Vm): FollowedRun | undefined {
    return this.runs.get(vm);
  }

  find(key: string): FollowedRun | undefined {
    return [...this.runs.values()].find((run) => run.key === key);
  }

  /** Follows `watch` to its end and writes its record, into `journal` when an earlier window began it. */
  async follow(vm: Vm, watch: MigrationWatch, journal?: RunJournal): Promise<FollowedRun> {
    const written = journal ?? (await this.store.begin(watch.record));
    const updates = watch.onUpdate((record) => written.update(record));
    const recorded = watch.finished
      .then(async (record) => {
        updates.dispose();
        // Disposed before the migration ended: the journal stays, for the next window to go on with.
        if (record.result) await written.finish(record);
        else await written.suspend();
        await vm.refresh();
        return record;
      })
      .finally(() => this.runs.delete(vm));
    recorded.catch((error: unknown) => this.logger.error(`record of ${vm.name}: ${String(error)}`));
    const { onUpdate } = watch;
    const live = vm.isOwnedByLibvirt ? { onUpdate } : { onUpdate, cancel: () => watch.cancel() };
    const run: FollowedRun = { key: written.key, record: watch.record, vm, watch, live, recorded };
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
