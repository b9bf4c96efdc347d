import type { Monitor } from '../qmp/monitor.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { MigrationError } from './errors.ts';
import { MigrationWatch, type WatchOptions } from './migrationWatch.ts';
import { defined, isRunning, type MigrationReport, readMigrationReport } from './queryMigrate.ts';
import { type RunStart, readRunStart } from './runStart.ts';

/** QEMU's clock and ours, and the time that a reply takes, may differ by this much. */
const sameMigrationMs = 2000;

export interface BeginOptions extends WatchOptions {
  via: 'qmp' | 'libvirt';
  destinationUri?: string;
  /** Name of the destination VM, for the record. */
  destinationVm?: string;
  /** Asked of the VM (query-name) when absent. */
  vmName?: string;
  /** Starts the migration; events are being listened to by then. */
  start(): Promise<void>;
}

/**
 * Starts a migration and follows it from before its first event.
 * @throws what `start` throws: then nothing is followed
 */
export async function beginWatch(options: BeginOptions): Promise<MigrationWatch> {
  const start = await readRunStart(options.source, options.vmName);
  const record = newRecord(start, options.clock.now(), options.via, options);
  const watch = new MigrationWatch(record, options);
  try {
    await options.start();
  } catch (error) {
    watch.dispose();
    throw error;
  }
  watch.follow();
  return watch;
}

/**
 * Follows a migration that something else started, from where it is now. The pass under way is not recorded, as its
 * beginning was not seen.
 * @throws MigrationError when none is running
 */
export async function watchRunning(
  options: WatchOptions & { vmName?: string; destinationVm?: string },
): Promise<MigrationWatch> {
  const { source, clock } = options;
  const start = await readRunStart(source, options.vmName);
  const report = await ask(source);
  if (!isRunning(report.status)) {
    const last = report.status === 'none' ? '' : ` The last one ended as "${report.status}".`;
    throw new MigrationError(`No migration is running on ${start.vm.name} (${source.address}).${last}`);
  }
  const startedAt = clock.now() - (report.totalTimeMs ?? 0);
  const named = defined('destinationVm', options.destinationVm);
  const watch = new MigrationWatch(newRecord(start, startedAt, 'watched', named), options);
  watch.follow();
  return watch;
}

/**
 * Goes on with a record that an earlier process began, e.g. before the window was reloaded. When the migration has ended
 * meanwhile, its end is recorded; when it is not to be found, the record ends as "lost".
 */
export async function resumeWatch(record: RunRecord, options: WatchOptions): Promise<MigrationWatch> {
  const watch = new MigrationWatch(record, options);
  try {
    const report = await ask(options.source);
    const mismatch = foreign(report, record, options.clock.now());
    if (mismatch) watch.giveUp(mismatch);
    else {
      resumePass(watch, report);
      watch.follow();
    }
    return watch;
  } catch (error) {
    watch.dispose();
    throw error;
  }
}

function newRecord(
  start: RunStart,
  at: number,
  via: RunRecord['via'],
  { destinationUri, destinationVm }: { destinationUri?: string; destinationVm?: string },
): RunRecord {
  const { vm, ...values } = start;
  return {
    format: 'qmp-migration-run',
    version: 1,
    vm,
    ...defined('destination', destinationUri),
    ...defined('destinationVm', destinationVm),
    startedAt: new Date(at).toISOString(),
    via,
    ...values,
    samples: [],
    iterations: [],
    changes: [],
  };
}

async function ask(source: Monitor): Promise<MigrationReport> {
  return readMigrationReport(await source.execute('query-migrate'));
}

/** Why what QEMU reports cannot be the migration of this record. */
function foreign(report: MigrationReport, record: RunRecord, now: number): string | undefined {
  const { status, totalTimeMs } = report;
  const last = record.samples.at(-1)?.t ?? 0;
  if (status === 'none') return 'QEMU knows of no migration any more.';
  if (totalTimeMs === undefined) return undefined;
  const began = Date.parse(record.startedAt);
  const fits = isRunning(status)
    ? Math.abs(now - totalTimeMs - began) < sameMigrationMs
    : totalTimeMs > last - sameMigrationMs && totalTimeMs < now - began + sameMigrationMs;
  return fits ? undefined : 'Another migration was started on this VM in the meantime.';
}

/** The pass under way is ours when no other began while nobody watched. */
function resumePass(watch: MigrationWatch, report: MigrationReport): void {
  const { samples, iterations } = watch.record;
  const pass = samples.at(-1)?.pass;
  if (pass === undefined || pass !== report.pass) return;
  const first = samples.find((sample) => sample.pass === pass);
  const before = iterations.at(-1);
  if (before && before.pass === pass - 1) watch.resumePasses(pass, before.end, first?.transferred);
  else if (pass === 1 && first) watch.resumePasses(pass, first.t, first.transferred);
}
