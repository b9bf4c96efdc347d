import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmPair, type VmPairOptions } from '../../../src/lab/vmPair.ts';
import type { MigrationWatch } from '../../../src/migration/migrationWatch.ts';
import { type StartOptions, startMigration } from '../../../src/migration/startMigration.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { Monitor, QmpEvent } from '../../../src/qmp/monitor.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import type { RunRecord } from '../../../src/shared/runRecord.ts';
import { collectingLogger } from '../../support/qmp/collectingLogger.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

/** Two real VMs with a monitor on each, and QEMU's own account of what the source does. */
export interface PairBench {
  pair: VmPair;
  source: Monitor;
  destination: Monitor;
  /** All events of the source, in order. */
  events: QmpEvent[];
  logger: ReturnType<typeof collectingLogger>;
  start(options?: Partial<StartOptions>): Promise<MigrationWatch>;
  /** The trace of the source up to now. */
  trace(): Promise<string>;
  close(): Promise<void>;
}

const traced = ['migrate_transferred', 'migration_completion_vm_stop', 'migration_thread_low_pending'];

export async function openPair(options: VmPairOptions = {}): Promise<PairBench> {
  const folder = mkdtempSync(join(tmpdir(), 'qmp-trace-'));
  const traceFile = join(folder, 'trace');
  const sourceArguments = [...traced.flatMap((name) => ['-trace', `enable=${name}`]), '-D', traceFile];
  const pair = await VmPair.start({ sourceArguments, ...options });
  const logger = collectingLogger();
  const source = await connectMonitor(pair.source.address, { logger });
  const destination = await connectMonitor(pair.destination.address, { logger });
  const events: QmpEvent[] = [];
  source.onEvent((event) => events.push(event));
  return {
    pair,
    source,
    destination,
    events,
    logger,
    start: (more = {}) =>
      startMigration({
        source,
        destination,
        maxBandwidth: 32 * 1024 * 1024,
        downtimeLimitMs: 300,
        socketDirectory: pair.directory,
        clock: systemClock,
        logger,
        ...more,
      }),
    trace: () => readFile(traceFile, 'utf8'),
    async close() {
      await Promise.all([source.close(), destination.close()]);
      await pair.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the record is as wanted; it is looked at whenever it has grown. */
export async function until(
  watch: MigrationWatch,
  what: string,
  wanted: (record: RunRecord) => boolean,
  ms = 20_000,
): Promise<RunRecord> {
  const grown = new Promise<RunRecord>((resolve) => {
    const look = (): void => {
      if (wanted(watch.record)) resolve(watch.record);
    };
    watch.onUpdate(look);
    void watch.finished.then(look);
    look();
  });
  return withDeadline(grown, what, ms);
}

/** One line per window of `migrate_transferred`. */
export interface TracedWindow {
  transferred: number;
  timeSpent: number;
  switchoverBytesPerMs: number;
  threshold: number;
}

export function readWindows(trace: string): TracedWindow[] {
  const pattern =
    /migrate_transferred transferred (\d+) time_spent (\d+) bandwidth \d+ switchover_bw (\d+) max_size (\d+)/g;
  return [...trace.matchAll(pattern)].map((match) => {
    const [transferred = 0, timeSpent = 0, switchoverBytesPerMs = 0, threshold = 0] = match
      .slice(1)
      .map(Number);
    return { transferred, timeSpent, switchoverBytesPerMs, threshold };
  });
}

/** What was left, in bytes, whenever that was below QEMU's threshold. */
export function readLowPending(trace: string): number[] {
  return [...trace.matchAll(/migration_thread_low_pending (\d+)/g)].map(([, bytes]) => Number(bytes));
}
