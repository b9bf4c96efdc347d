import { MonitorClosedError } from '../qmp/errors.ts';
import type { Monitor, QmpEvent } from '../qmp/monitor.ts';
import type { Clock } from '../shared/clock.ts';
import { Deferred } from '../shared/deferred.ts';
import { type Disposable, DisposableList } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import type { RunRecord, RunResult, Sample } from '../shared/runRecord.ts';
import { MigrationError } from './errors.ts';
import { EventClock } from './eventClock.ts';
import { LiveParameters } from './liveParameters.ts';
import { currentParameters, queryMigrateParameters } from './migrateParameters.ts';
import { PassTracker } from './passTracker.ts';
import {
  isEnd,
  isPostcopy,
  isRunning,
  type MigrationReport,
  readMigrationReport,
  toSample,
  withoutEarlyDirtyRate,
} from './queryMigrate.ts';
import { QuerySampler } from './querySampler.ts';
import { endResult, lostResult } from './runResult.ts';
import { SwitchoverTracker } from './switchoverTracker.ts';

export interface WatchOptions {
  source: Monitor;
  /** Its RESUME event ends the switchover, when both VMs share a clock. */
  destination?: Monitor;
  clock: Clock;
  logger: Logger;
}

const sampleIntervalMs = 100;
/** Somebody else may change them, and QEMU takes a change into account within 100 ms. */
const parameterIntervalMs = 250;
/** How long a completed migration waits for the destination to tell that the guest runs there. */
const resumeGraceMs = 1000;

/**
 * Follows one migration to its true end and writes its record. Nothing is ever taken back: samples, iterations and
 * changes only grow, the result is set once.
 */
export class MigrationWatch implements Disposable {
  readonly record: RunRecord;
  /** Settles at the end of the migration, or when the watch is disposed: then the record may have no result. */
  readonly finished: Promise<RunRecord>;
  /** Fires after the record has grown. */
  readonly onUpdate: Event<RunRecord>;
  private readonly source: Monitor;
  private readonly destination: Monitor | undefined;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly updates = new Emitter<RunRecord>();
  private readonly end = new Deferred<RunRecord>();
  private readonly subscriptions = new DisposableList();
  private readonly sampler: QuerySampler;
  private readonly passes: PassTracker;
  private readonly parameters: LiveParameters;
  private readonly switchover = new SwitchoverTracker();
  private readonly eventClock = new EventClock();
  private readonly origin: number;
  private parametersReadAt = 0;
  private awaitsResume = false;
  private endSeen: { status: string; t: number } | undefined;
  private lastReport: { report: MigrationReport; sample: Sample } | undefined;

  /** Listens to events at once; asks only after `follow`. Use `beginWatch`, `watchRunning` or `resumeWatch`. */
  constructor(record: RunRecord, options: WatchOptions) {
    this.record = record;
    this.source = options.source;
    this.destination = options.destination;
    this.clock = options.clock;
    this.logger = options.logger;
    this.origin = Date.parse(record.startedAt);
    this.finished = this.end.promise;
    this.onUpdate = this.updates.event;
    this.passes = new PassTracker(record.passesFrom === 'polling');
    this.parameters = new LiveParameters(currentParameters(record));
    this.sampler = this.subscriptions.add(
      new QuerySampler({
        monitor: this.source,
        clock: this.clock,
        intervalMs: sampleIntervalMs,
        onReply: (reply, at) => this.received(reply, at),
        onError: (error) => this.samplingFailed(error),
      }),
    );
    this.subscriptions.add(this.source.onEvent((event) => this.sourceEvent(event)));
    this.subscriptions.add(
      this.source.onStateChange(({ state, error }) => {
        if (state === 'idle') this.lost(error);
      }),
    );
    if (this.destination?.isLocal && this.source.isLocal) {
      this.subscriptions.add(this.destination.onEvent((event) => this.destinationEvent(event)));
    }
  }

  /** Goes on from what an earlier process wrote into the record. */
  resumePasses(pass: number, t: number, transferred: number | undefined): void {
    this.passes.resumeAt(pass, t, transferred);
  }

  /** Ends the watch without an end of the migration: it is not to be found any more. */
  giveUp(reason: string): void {
    this.finish(lostResult(this.record, reason));
  }

  /** Begins to ask. */
  follow(): void {
    if (this.source.state === 'running') this.sampler.askNow();
    else this.lost();
  }

  /**
   * Cancels the migration and waits for its true end, which may still be "completed".
   * @throws MigrationError in postcopy: not every QEMU refuses it by itself
   * @throws QmpCommandError when QEMU refuses
   */
  async cancel(): Promise<RunRecord> {
    if (!this.record.result && !this.subscriptions.isDisposed) {
      if (isPostcopy(this.lastReport?.report.status ?? ''))
        throw new MigrationError('In postcopy the guest runs on the destination already: it would be lost.');
      try {
        await this.source.execute('migrate_cancel');
      } catch (error) {
        // A monitor that went away has ended, or is about to end, this watch as lost.
        if (!(error instanceof MonitorClosedError)) throw error;
      }
      this.sampler.askNow();
    }
    return this.finished;
  }

  /**
   * Changes parameters of the running migration.
   * @throws QmpCommandError when QEMU refuses a value
   */
  async setParameters(values: JsonObject): Promise<void> {
    await this.source.execute('migrate-set-parameters', values);
    await this.readParameters(this.clock.now());
  }

  /** Stops following; the migration goes on. */
  dispose(): void {
    this.subscriptions.dispose();
    this.updates.dispose();
    this.end.resolve(this.record);
  }

  private sourceEvent(event: QmpEvent): void {
    const t = this.sinceStart(this.eventClock.timeOf(event));
    const { pass, status } = event.data;
    if (event.name === 'STOP') this.switchover.sourceStopped(t);
    if (event.name === 'RESUME') this.switchover.sourceResumed();
    if (event.name === 'MIGRATION_PASS' && typeof pass === 'number') this.passes.passBegan(pass, t);
    if (event.name === 'MIGRATION' && typeof status === 'string' && isEnd(status))
      this.endSeen = { status, t };
    // Nothing is asked for STOP: the answer would lengthen the downtime.
    if (event.name.startsWith('MIGRATION') && this.lastReport) this.sampler.askNow();
  }

  private destinationEvent(event: QmpEvent): void {
    if (event.name !== 'RESUME') return;
    this.switchover.destinationResumed(this.sinceStart(this.eventClock.timeOf(event)));
    if (this.awaitsResume) this.conclude();
  }

  private received(reply: JsonValue, at: number): void {
    try {
      const report = readMigrationReport(reply);
      const t = this.sinceStart(at);
      if (isRunning(report.status)) this.running(report, t);
      else this.ended(report, t);
    } catch (error) {
      this.samplingFailed(error);
    }
  }

  private running(report: MigrationReport, t: number): void {
    const raw = toSample(t, report, this.parameters.valuesFor(report));
    const sample = withoutEarlyDirtyRate(raw, this.record.iterations.at(-1)?.end ?? 0);
    this.lastReport = { report, sample };
    this.record.samples.push(sample);
    this.record.iterations.push(...this.passes.sampled(sample));
    this.grew();
    if (t - this.parametersReadAt >= parameterIntervalMs) {
      this.parametersReadAt = t;
      this.readParameters(this.clock.now()).catch((error: unknown) => this.samplingFailed(error));
    }
  }

  private ended(report: MigrationReport, t: number): void {
    this.sampler.dispose();
    const live = this.lastReport?.sample ?? this.record.samples.at(-1);
    const sample = toSample(t, report, {});
    this.lastReport = { report, sample };
    if (report.status === 'completed') {
      this.settleSwitchoverPass(report);
      // The last pass ends with the migration, a little before we ask.
      const at = this.endSeen?.status === 'completed' ? Math.min(this.endSeen.t, t) : t;
      const final = { ...sample, t: Math.max(at, live?.t ?? 0) };
      this.record.samples.push(sample);
      this.record.iterations.push(...this.passes.sampled(final), ...this.passes.finish(final));
      this.grew();
    } else if (live) this.record.iterations.push(...this.passes.finish(live));
    // A value that was changed a moment ago may be the reason for the end.
    this.readParameters(this.origin + (live?.t ?? t))
      .catch((error: unknown) => this.samplingFailed(error))
      .finally(() => this.awaitResume(report));
  }

  private awaitResume({ status }: MigrationReport): void {
    const awaited = this.destination?.isLocal && this.source.isLocal && this.destination.state === 'running';
    const stopped = this.switchover.stoppedAt !== undefined && !this.switchover.isComplete;
    this.awaitsResume = status === 'completed' && awaited === true && stopped;
    if (this.awaitsResume) this.subscriptions.add(this.clock.after(resumeGraceMs, () => this.conclude()));
    else this.conclude();
  }

  /** What was sent before the guest stood still follows from QEMU's own counts, but not with multifd. */
  private settleSwitchoverPass({ transferred, downtimeBytes }: MigrationReport): void {
    const t = this.passes.lastWaiting;
    const stopped = this.switchover.stoppedAt;
    if (t === undefined || stopped === undefined || t < stopped) return;
    if (transferred === undefined || downtimeBytes === undefined) return;
    if (this.record.capabilities.includes('multifd')) return;
    const before = { t, status: 'device', transferred: transferred - downtimeBytes };
    this.record.iterations.push(...this.passes.sampled(before));
  }

  private conclude(): void {
    const report = this.lastReport?.report;
    if (report) this.finish(endResult(report, this.record, this.switchover.result(report)));
  }

  private lost(error?: Error): void {
    if (this.record.result || this.subscriptions.isDisposed) return;
    if (this.lastReport && isEnd(this.lastReport.report.status)) {
      this.conclude();
      return;
    }
    const live = this.record.samples.at(-1);
    if (live) this.record.iterations.push(...this.passes.finish(live));
    const cause = error ? `: ${error.message}` : '';
    this.giveUp(`The connection to ${this.source.address} ended before the migration did${cause}.`);
  }

  private finish(result: RunResult): void {
    if (this.record.result || this.subscriptions.isDisposed) return;
    this.record.result = result;
    this.subscriptions.dispose();
    this.grew();
    this.end.resolve(this.record);
  }

  /** @param at when what has changed is said to have changed */
  private async readParameters(at: number): Promise<void> {
    const values = await queryMigrateParameters(this.source);
    if (this.record.result || this.subscriptions.isDisposed) return;
    const changes = this.parameters.read(this.sinceStart(at), values);
    if (changes.length === 0) return;
    this.record.changes.push(...changes);
    this.grew();
  }

  /** The next question may be answered; when the connection is gone its own event tells. */
  private samplingFailed(error: unknown): void {
    this.logger.warn(`${this.source.address}: ${error instanceof Error ? error.message : String(error)}`);
    if (this.source.state !== 'running') this.lost(error instanceof Error ? error : undefined);
  }

  private grew(): void {
    try {
      this.updates.fire(this.record);
    } catch (error) {
      this.logger.error(
        `a listener failed on a record: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }

  private sinceStart(at: number): number {
    return Math.max(0, Math.round((at - this.origin) * 1000) / 1000);
  }
}
