import { resumeWatch } from '../../migration/beginWatch.ts';
import type { RunJournal } from '../../migration/runJournal.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { ChartSource } from '../charts/chartSource.ts';
import type { Vm } from '../connections/vm.ts';
import type { Services } from '../services.ts';
import type { FollowedRun, Migrations } from './migrations.ts';

export interface UnfinishedRunsListener {
  /** Told of each that goes on. */
  resumed(run: FollowedRun): Promise<void>;
  /** Told of each that can not go on, once its record has ended. */
  ended(source: ChartSource): void;
}

/**
 * The records that an earlier window began and did not end. Each goes on as soon as its VM is connected again; when the
 * VM is not to be had, its record ends as "lost".
 */
export class UnfinishedRuns implements Disposable {
  private readonly services: Services;
  private readonly migrations: Migrations;
  private readonly listener: UnfinishedRunsListener;
  private readonly waiting = new Map<string, RunJournal>();
  private readonly loaded: Promise<void>;
  private following: Disposable | undefined;

  constructor(services: Services, migrations: Migrations, listener: UnfinishedRunsListener) {
    this.services = services;
    this.migrations = migrations;
    this.listener = listener;
    this.loaded = this.load();
  }

  /** One that waits for its VM, to be shown as far as it goes. */
  async find(key: string): Promise<ChartSource | undefined> {
    await this.loaded;
    const journal = [...this.waiting.values()].find((candidate) => candidate.key === key);
    return journal && { key, record: journal.record };
  }

  dispose(): void {
    this.following?.dispose();
  }

  private async load(): Promise<void> {
    const { store, vms, log } = this.services;
    try {
      for (const journal of await store.unfinished()) this.waiting.set(journal.record.vm.address, journal);
    } catch (error) {
      log.error(`unfinished records can not be read: ${String(error)}`);
    }
    this.following = vms.onDidChange(() => this.considerAll());
    this.considerAll();
  }

  private considerAll(): void {
    for (const [address, journal] of this.waiting) {
      const vm = this.services.vms.find(address);
      const isGone = !vm || (vm.state.kind === 'offline' && vm.state.reason !== undefined);
      if (!isGone && vm.state.kind !== 'connected') continue;
      this.waiting.delete(address);
      const settled = isGone ? this.abandon(journal) : this.resume(vm, journal);
      settled.catch((error: unknown) => this.services.log.error(`record of ${address}: ${String(error)}`));
    }
  }

  private async resume(vm: Vm, journal: RunJournal): Promise<void> {
    const { clock, log: logger } = this.services;
    if (!vm.monitor) return;
    const watch = await resumeWatch(journal.record, { source: vm.monitor, clock, logger });
    await this.listener.resumed(await this.migrations.follow(vm, watch, journal));
  }

  private async abandon(journal: RunJournal): Promise<void> {
    const { name, address } = journal.record.vm;
    await journal.abandon(`${name} (${address}) was not there any more when the window came back.`);
    this.listener.ended({ key: journal.key, record: journal.record });
  }
}
