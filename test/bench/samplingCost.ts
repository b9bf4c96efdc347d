import { setTimeout as delay } from 'node:timers/promises';
import { watchRunning } from '../../src/migration/beginWatch.ts';
import { readMigrationReport } from '../../src/migration/queryMigrate.ts';
import type { Monitor } from '../../src/qmp/monitor.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { until } from '../qemu/migration/pairBench.ts';
import { type Measurement, median, medianInterval } from './benchmark.ts';
import { EndlessMigration } from './endlessMigration.ts';

/** Short, so that both windows of a pair see the same load of the machine. */
const WINDOW_MS = 500;
const MEASURING_MS = 44_000;
/** Until then the destination gets its memory from the system, and nothing is steady. */
const WARM_UP_PASSES = 3;

/** What watching a migration costs it: its throughput in turns with and without our sampling. */
export async function benchSamplingCost(): Promise<Measurement[]> {
  await using migration = await EndlessMigration.start({ workingSetMiB: 256, zlibLevel: 0 });
  const { source, watch } = migration;
  await until(watch, 'the first passes', ({ iterations }) => iterations.length >= WARM_UP_PASSES, 40_000);
  watch.dispose();
  const rounds: { sampled: number; alone: number }[] = [];
  const end = performance.now() + MEASURING_MS;
  while (performance.now() < end) {
    const before = rounds.length % 2 === 0 ? await throughput(source) : undefined;
    const sampled = await throughputWhileWatched(source);
    rounds.push({ sampled, alone: before ?? (await throughput(source)) });
  }
  const ratios = rounds.map(({ sampled, alone }) => sampled / alone);
  const [low, high] = medianInterval(ratios);
  const alone = median(rounds.map((round) => round.alone)) / 1e6;
  return [
    {
      name: 'migration throughput, with our sampling ÷ without',
      value: median(ratios),
      unit: '×',
      target: { atLeast: 0.98 },
      remark: `${alone.toFixed(0)} MB/s; 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)} from ${ratios.length} pairs of windows of ${WINDOW_MS} ms`,
    },
  ];
}

/** Watched as by "QMP: Watch Migration": query-migrate every 100 ms and at each pass, the parameters every 250 ms. */
async function throughputWhileWatched(source: Monitor): Promise<number> {
  const watch = await watchRunning({ source, clock: systemClock, logger: silentLogger });
  try {
    await until(watch, 'the first sample', ({ samples }) => samples.length > 0);
    return await throughput(source);
  } finally {
    watch.dispose();
  }
}

/** Bytes per second over a window, bytes and time both as QEMU counts them. */
async function throughput(source: Monitor): Promise<number> {
  const start = await progress(source);
  await delay(WINDOW_MS);
  const end = await progress(source);
  return ((end.bytes - start.bytes) * 1000) / (end.ms - start.ms);
}

async function progress(source: Monitor): Promise<{ bytes: number; ms: number }> {
  const { status, transferred, totalTimeMs } = readMigrationReport(await source.execute('query-migrate'));
  if (status !== 'active' || transferred === undefined || totalTimeMs === undefined)
    throw new Error(`the migration that was not to end is "${status}"`);
  return { bytes: transferred, ms: totalTimeMs };
}
