import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from '../../scripts/process/cleanup.ts';
import { watchRunning } from '../../src/migration/beginWatch.ts';
import { readMigrationReport } from '../../src/migration/queryMigrate.ts';
import type { Monitor } from '../../src/qmp/monitor.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { until } from '../qemu/migration/pairBench.ts';
import { type Measurement, median, medianInterval } from './benchmark.ts';
import { cpuTimeMs, guestThreads } from './cpuTime.ts';
import { EndlessMigration } from './endlessMigration.ts';

/** Short, so that both windows of a pair see the same load of the machine. */
const WINDOW_MS = 500;
const MEASURING_MS = 44_000;
/** Until then the destination gets its memory from the system, and nothing is steady. */
const WARM_UP_PASSES = 3;

/** What was sent in a window, in bytes. */
interface Throughput {
  perSecond: number;
  /** Of CPU time that both QEMUs, without the guest, and this process had. */
  perCpuSecond: number;
}

interface Round {
  sampled: Throughput;
  alone: Throughput;
}

/** What watching a migration costs it: its throughput in turns with and without our sampling. */
export async function benchSamplingCost(cleanup: Cleanup): Promise<Measurement[]> {
  await using migration = await EndlessMigration.start({ workingSetMiB: 256, zlibLevel: 0 }, cleanup);
  const { source, watch, pids } = migration;
  const guest = await guestThreads(source);
  const cpuTime = (): number => cpuTimeMs([...pids, process.pid], guest);
  await until(watch, 'the first passes', ({ iterations }) => iterations.length >= WARM_UP_PASSES, 40_000);
  watch.dispose();
  const rounds: Round[] = [];
  const end = performance.now() + MEASURING_MS;
  while (performance.now() < end) {
    const before = rounds.length % 2 === 0 ? await throughput(source, cpuTime) : undefined;
    const sampled = await throughputWhileWatched(source, cpuTime);
    rounds.push({ sampled, alone: before ?? (await throughput(source, cpuTime)) });
  }
  const alone = median(rounds.map((round) => round.alone.perSecond)) / 1e6;
  return [
    comparison('migration throughput, with our sampling ÷ without', rounds, 'perSecond', [
      `${alone.toFixed(0)} MB/s`,
      `${rounds.length} pairs of windows of ${WINDOW_MS} ms`,
    ]),
    comparison('the same by CPU time, which other programs do not disturb', rounds, 'perCpuSecond', []),
  ];
}

function comparison(
  name: string,
  rounds: readonly Round[],
  by: keyof Throughput,
  remarks: string[],
): Measurement {
  const ratios = rounds.map(({ sampled, alone }) => sampled[by] / alone[by]);
  const interval = medianInterval(ratios);
  const told = `95 % interval ${interval.map((end) => end.toFixed(3)).join(' to ')}`;
  return {
    name,
    value: median(ratios),
    unit: '×',
    target: { atLeast: 0.98 },
    interval,
    remark: [...remarks, told].join('; '),
  };
}

/** Watched as by "QMP: Watch Migration": query-migrate every 100 ms and at each pass, the parameters every 250 ms. */
async function throughputWhileWatched(source: Monitor, cpuTime: () => number): Promise<Throughput> {
  const watch = await watchRunning({ source, clock: systemClock, logger: silentLogger });
  try {
    await until(watch, 'the first sample', ({ samples }) => samples.length > 0);
    return await throughput(source, cpuTime);
  } finally {
    watch.dispose();
  }
}

/** Bytes and time both as QEMU counts them. */
async function throughput(source: Monitor, cpuTime: () => number): Promise<Throughput> {
  const start = { ...(await progress(source)), cpuMs: cpuTime() };
  await delay(WINDOW_MS);
  const end = { ...(await progress(source)), cpuMs: cpuTime() };
  const bytes = end.bytes - start.bytes;
  return {
    perSecond: (bytes * 1000) / (end.ms - start.ms),
    perCpuSecond: (bytes * 1000) / (end.cpuMs - start.cpuMs),
  };
}

async function progress(source: Monitor): Promise<{ bytes: number; ms: number }> {
  const { status, transferred, totalTimeMs } = readMigrationReport(await source.execute('query-migrate'));
  if (status !== 'active' || transferred === undefined || totalTimeMs === undefined)
    throw new Error(`the migration that was not to end is "${status}"`);
  return { bytes: transferred, ms: totalTimeMs };
}
