import { resumeWatch } from '../../migration/beginWatch.ts';
import type { RunJournal } from '../../migration/runJournal.ts';
import { Deferred } from '../../shared/deferred.ts';
import { type Disposable, DisposableList } from '../../shared/disposable.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ChartSource } from '../charts/chartSource.ts';
import type { Vm } from '../connections/vm.ts';
import type { Services } from '../services.ts';
import type { FollowedRun, Migrations } from './migrations.ts';

/** The window that began a record may still be closing: so often is looked for what it leaves. */
const LOOKS = 15;
const LOOK_INTERVAL_MS = 1000;

type NeededServices = Pick<Services, 'store' | 'vms' | 'clock'> & { readonly log: Logger };

export interface UnfinishedRunsListener {
  /** Told of each that goes on. */
  resumed(run: FollowedRun): Promise<void>;
  /** Told of each that can not go on, once its record has ended. */
  ended(source: ChartSource): void;
}

/**
 * The records that an earlier window began and did not end. Each goes on as soon as its VM is connected again; when the
 * VM is not there any more, its record ends as "lost".
 */
export class UnfinishedRuns implements Disposable {
  private readonly services: NeededServices;
  private readonly migrations: Migrations;
  private readonly listener: UnfinishedRunsListener;
  private readonly own = new DisposableList();
  private readonly firstLook: Promise<void>;
  /** Resolves when nothing more is looked for. */
  private readonly lastLook = new Deferred<void>();
  private waiting: RunJournal[] = [];
  /** Those that are just now gone on with, or ended, by key. */
  private readonly settling = new Map<string, Promise<void>>();
  private readonly wanted = new Map<string, Deferred<void>>();

  constructor(services: NeededServices, migrations: Migrations, listener: UnfinishedRunsListener) {
    this.services = services;
    this.migrations = migrations;
    this.listener = listener;
    this.own.add(services.vms.onDidChange(() => this.considerAll()));
    this.firstLook = this.look(LOOKS);
  }

  /** One that waits for its VM, to be shown as far as it goes. One that is just settling has done so when this returns. */
  async find(key: string): Promise<ChartSource | undefined> {
    await this.firstLook;
    if (!this.knows(key) && (await this.services.store.isUnfinished(key))) {
      const found = new Deferred<void>();
      this.wanted.set(key, found);
      await Promise.race([found.promise, this.lastLook.promise]);
    }
    await this.settling.get(key);
    const journal = this.waiting.find((candidate) => candidate.key === key);
    return journal && { key, record: journal.record };
  }

  dispose(): void {
    this.own.dispose();
    this.lastLook.resolve();
  }

  private async look(left: number): Promise<void> {
    const { store, clock, log } = this.services;
    try {
      const found = await store.unfinished();
      this.waiting.push(...found);
    } catch (error) {
      log.error(`unfinished records can not be read: ${String(error)}`);
    }
    this.considerAll();
    for (const { key } of this.waiting) this.wanted.get(key)?.resolve();
    for (const key of this.settling.keys()) this.wanted.get(key)?.resolve();
    this.connectAgain();
    if (left > 1) this.own.add(clock.after(LOOK_INTERVAL_MS, () => void this.look(left - 1)));
    else this.lastLook.resolve();
  }

  private knows(key: string): boolean {
    const { migrations, settling, waiting } = this;
    return settling.has(key) || !!migrations.find(key) || waiting.some((journal) => journal.key === key);
  }

  /** The client that held the monitor when we came may have been that earlier window, and be gone. */
  private connectAgain(): void {
    for (const { record } of this.waiting) {
      const vm = this.services.vms.find(record.vm.address);
      if (vm?.state.kind !== 'offline' || vm.state.reason === undefined) continue;
      vm.connect({ quiet: true }).catch((error: unknown) => this.services.log.debug(String(error)));
    }
  }

  private considerAll(): void {
    const all = this.waiting;
    this.waiting = [];
    for (const journal of all) {
      const vm = this.services.vms.find(journal.record.vm.address);
      if (vm?.state.kind === 'connected') this.settle(journal, this.resume(vm, journal));
      else if (isGone(vm)) this.settle(journal, this.abandon(journal));
      else this.waiting.push(journal);
    }
  }

  private settle(journal: RunJournal, settled: Promise<void>): void {
    const { key } = journal;
    const done = settled
      .catch((error: unknown) => {
        this.services.log.error(`record ${key}: ${String(error)}`);
        this.waiting.push(journal);
      })
      .finally(() => this.settling.delete(key));
    this.settling.set(key, done);
  }

  private async resume(vm: Vm, journal: RunJournal): Promise<void> {
    const { clock, log: logger } = this.services;
    if (!vm.monitor) throw new Error(`${vm.name} is not connected any more.`);
    const { destinationVm } = journal.record;
    const destination = this.services.vms.all.find(({ name }) => name === destinationVm)?.monitor;
    const watch = await resumeWatch(journal.record, {
      source: vm.monitor,
      ...(destination && { destination }),
      clock,
      logger,
    });
    const run = await this.migrations.follow(vm, watch, journal);
    // The message about it stays open as long as the migration runs.
    this.listener.resumed(run).catch((error: unknown) => logger.error(String(error)));
  }

  private async abandon(journal: RunJournal): Promise<void> {
    const { name, address } = journal.record.vm;
    await journal.abandon(`${name} (${address}) was not there any more when the window came back.`);
    this.listener.ended({ key: journal.key, record: journal.record });
  }
}

/** Not when it was disconnected by the user, nor when another client holds its monitor. */
function isGone(vm: Vm | undefined): boolean {
  return !vm || (vm.state.kind === 'offline' && vm.state.reason !== undefined && vm.state.retry === true);
}
