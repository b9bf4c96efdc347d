import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from '../../scripts/process/cleanup.ts';
import { watchRunning } from '../../src/migration/beginWatch.ts';
import { readMigrationReport } from '../../src/migration/queryMigrate.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { until } from '../qemu/migration/pairBench.ts';
import { type Measurement, median, medianInterval } from './benchmark.ts';
import { cpuTimeMs } from './cpuTime.ts';
import { EndlessMigration } from './endlessMigration.ts';

/** Short, so that both windows of a pair see the same load of the machine. */
const WINDOW_MS = 500;
const MEASURING_MS = 44_000;
/** Until then the destination gets its memory from the system, and nothing is steady. */
const WARM_UP_PASSES = 3;
/** QEMU's main thread executes commands; this one reads them and writes the replies. */
const MONITOR_THREAD = 'IO mon_iothread';

interface Window {
  /** Sent by the migration. */
  bytesPerSecond: number;
  /** CPU time of this process and of the source's threads that serve its monitor, ms in a second. */
  cpuMsPerSecond: number;
}

interface Round {
  sampled: Window;
  alone: Window;
}

/** What watching a migration costs it: its throughput in turns with and without our sampling. */
export async function benchSamplingCost(cleanup: Cleanup): Promise<Measurement[]> {
  const sourceArguments = ['-name', 'source,debug-threads=on'];
  await using migration = await EndlessMigration.start(
    { workingSetMiB: 256, zlibLevel: 0, sourceArguments },
    cleanup,
  );
  const { watch } = migration;
  await until(watch, 'the first passes', ({ iterations }) => iterations.length >= WARM_UP_PASSES, 40_000);
  watch.dispose();
  const rounds: Round[] = [];
  const end = performance.now() + MEASURING_MS;
  while (performance.now() < end) {
    const before = rounds.length % 2 === 0 ? await measure(migration) : undefined;
    const sampled = await measureWhileWatched(migration);
    rounds.push({ sampled, alone: before ?? (await measure(migration)) });
  }
  return [throughputRow(rounds), cpuRow(rounds)];
}

function throughputRow(rounds: readonly Round[]): Measurement {
  const ratios = rounds.map(({ sampled, alone }) => sampled.bytesPerSecond / alone.bytesPerSecond);
  const interval = medianInterval(ratios);
  const alone = median(rounds.map((round) => round.alone.bytesPerSecond)) / 1e6;
  const range = interval.map((end) => end.toFixed(3)).join(' to ');
  return {
    name: 'migration throughput, with our sampling ÷ without',
    value: median(ratios),
    unit: '×',
    target: { atLeast: 0.98 },
    interval,
    remark: `95 % interval ${range}; ${alone.toFixed(0)} MB/s; ${rounds.length} pairs of windows of ${WINDOW_MS} ms`,
  };
}

/** What the ratio above comes from, and is lost in its noise where other programs are busy. */
function cpuRow(rounds: readonly Round[]): Measurement {
  const cost = median(rounds.map(({ sampled, alone }) => sampled.cpuMsPerSecond - alone.cpuMsPerSecond));
  return {
    name: 'CPU time of our sampling, in one second',
    value: cost,
    unit: 'ms',
    remark: `QEMU's part included; ${(cost / 10).toFixed(1)} % of one core`,
  };
}

/** Watched as by "QMP: Watch Migration": query-migrate every 100 ms and at each pass, the parameters every 250 ms. */
async function measureWhileWatched(migration: EndlessMigration): Promise<Window> {
  const { source } = migration;
  const watch = await watchRunning({ source, clock: systemClock, logger: silentLogger });
  try {
    await until(watch, 'the first sample', ({ samples }) => samples.length > 0);
    return await measure(migration);
  } finally {
    watch.dispose();
  }
}

async function measure(migration: EndlessMigration): Promise<Window> {
  const start = await progress(migration);
  await delay(WINDOW_MS);
  const end = await progress(migration);
  const seconds = (end.ms - start.ms) / 1000;
  return {
    bytesPerSecond: (end.bytes - start.bytes) / seconds,
    cpuMsPerSecond: (end.cpuMs - start.cpuMs) / seconds,
  };
}

/** Bytes and time as QEMU counts them. */
async function progress({
  source,
  sourcePid,
}: EndlessMigration): Promise<{ bytes: number; ms: number; cpuMs: number }> {
  const { status, transferred, totalTimeMs } = readMigrationReport(await source.execute('query-migrate'));
  if (status !== 'active' || transferred === undefined || totalTimeMs === undefined)
    throw new Error(`the migration that was not to end is "${status}"`);
  const served = cpuTimeMs(sourcePid, (name, thread) => thread === sourcePid || name === MONITOR_THREAD);
  return { bytes: transferred, ms: totalTimeMs, cpuMs: served + cpuTimeMs(process.pid, () => true) };
}
