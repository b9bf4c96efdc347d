import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { watchRunning } from '../../../src/migration/beginWatch.ts';
import { startMigration } from '../../../src/migration/startMigration.ts';
import { declaredThreshold } from '../../../src/migration/threshold.ts';
import { QmpCommandError } from '../../../src/qmp/errors.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';
import { openPair, type PairBench, until } from './pairBench.ts';

failOnUnhandledRejection();

let bench: PairBench;
beforeEach(async () => {
  bench = await openPair();
});
afterEach(() => bench?.close());

/** The state has to be true within this time after a QEMU died. */
const promptMs = 2000;

test('the source is killed: lost within two seconds, with all that was seen', async () => {
  const watch = await bench.start();
  await until(watch, 'a few samples', ({ samples }) => samples.length >= 5);
  kill(bench.pair.source.pid);
  const record = await withDeadline(watch.finished, 'the end of the watch', promptMs);
  assert.equal(record.result?.status, 'lost');
  assert.match(record.result?.error ?? '', /source\.sock/);
  assert.ok(record.samples.length >= 5);
});

test('the destination is killed: failed within two seconds, in QEMU’s words, and the source goes on', async () => {
  const watch = await bench.start();
  await until(watch, 'a few samples', ({ samples }) => samples.length >= 5);
  kill(bench.pair.destination.pid);
  const record = await withDeadline(watch.finished, 'the end of the migration', promptMs);
  assert.equal(record.result?.status, 'failed');
  assert.match(record.result?.error ?? '', /\S/);
  assert.equal(record.samples.at(-1)?.status, 'active');
  assert.deepEqual(await bench.source.execute('query-status'), { running: true, status: 'running' });
});

test('cancelled: the true end, and no socket is left', async () => {
  const watch = await bench.start();
  await until(watch, 'the first pass', ({ samples }) => samples.length >= 3);
  const record = await withDeadline(watch.cancel(), 'the end of the cancelled migration');
  assert.equal(record.result?.status, 'cancelled');
  assert.ok((record.result?.transferred ?? 0) > 0);
  assert.equal(existsSync((record.destination ?? '').slice('unix:'.length)), false);
});

test('declared in mid-migration: seen as a change, and it switches over', async () => {
  const watch = await bench.start();
  await until(watch, 'three passes', ({ iterations }) => iterations.length >= 3);
  await watch.setParameters({ 'avail-switchover-bandwidth': 104_857_600 });
  const record = await withDeadline(watch.finished, 'the end of the migration', 20_000);
  assert.equal(record.result?.status, 'completed', record.result?.error);
  const [change] = record.changes;
  assert.deepEqual(
    [change?.parameter, change?.from, change?.to],
    ['avail-switchover-bandwidth', 0, 104_857_600],
  );
});

test('watched from the middle: the same start and the same end as for who started it', async () => {
  const watch = await bench.start();
  await until(watch, 'two passes', ({ iterations }) => iterations.length >= 2);
  const second = await watchRunning({
    source: bench.source,
    destination: bench.destination,
    clock: systemClock,
    logger: bench.logger,
  });
  const offset = Date.parse(second.record.startedAt) - Date.parse(watch.record.startedAt);
  assert.ok(Math.abs(offset) < 200, `the starts differ by ${offset} ms`);
  await until(second, 'three passes seen from the middle', ({ iterations }) => iterations.length >= 3);
  await bench.source.execute('migrate-set-parameters', { 'avail-switchover-bandwidth': 104_857_600 });
  const [whole, part] = await withDeadline(
    Promise.all([watch.finished, second.finished]),
    'both ends',
    20_000,
  );
  assert.equal(part.via, 'watched');
  assert.deepEqual([whole.result?.status, part.result?.status], ['completed', 'completed']);
  assert.equal(part.result?.totalTimeMs, whole.result?.totalTimeMs);
  const passes = whole.iterations.map(({ pass }) => pass);
  const seen = part.iterations.map(({ pass }) => pass);
  assert.deepEqual(seen, passes.slice(-seen.length), 'no pass missing after the first one seen');
});

test('a value that QEMU refuses: its own words, and nothing stays changed', async () => {
  const before = await bench.source.execute('query-migrate-parameters');
  await assert.rejects(
    bench.start({ downtimeLimitMs: 2_000_001, maxBandwidth: 5_000_000 }),
    (error) => error instanceof QmpCommandError && /downtime/.test(error.message),
  );
  assert.deepEqual(await bench.source.execute('query-migrate-parameters'), before);
  const watch = await bench.start({ declaredBandwidth: 104_857_600 });
  assert.equal((await withDeadline(watch.finished, 'the end', 20_000)).result?.status, 'completed');
});

test('a destination that does not wait is told, and nothing is changed', async () => {
  const swapped = { source: bench.destination, destination: bench.source };
  const start = startMigration({ ...swapped, clock: systemClock, logger: bench.logger });
  await assert.rejects(start, /does not wait for a migration \(state "running"\)/);
  assert.deepEqual(
    readdirSync(bench.pair.directory).filter((name) => name.startsWith('qmp-migrate')),
    [],
  );
});

test('nobody listens: failed in QEMU’s words', async () => {
  const watch = await startMigration({
    source: bench.source,
    destinationUri: `unix:${bench.pair.directory}/nobody`,
    clock: systemClock,
    logger: bench.logger,
  }).catch((error: unknown) => error);
  // QEMU tells at once in some versions, afterwards in others.
  const words = watch instanceof Error ? watch.message : await endOf(watch);
  assert.match(words, /nobody|No such file|connect/i);
});

test('2^64−1 declared: exact through QEMU and back, with the threshold QEMU computes from it', async () => {
  const declaredBandwidth = 2n ** 64n - 1n;
  const watch = await bench.start({ declaredBandwidth });
  const record = await withDeadline(watch.finished, 'the end of the migration', 20_000);
  assert.equal(record.declaredBandwidth, declaredBandwidth);
  assert.equal(declaredThreshold(declaredBandwidth, 300), 5_534_023_222_112_865_280n);
  assert.match(await bench.trace(), /switchover_bw 18446744073709551 max_size 5534023222112865280/);
});

async function endOf(watch: unknown): Promise<string> {
  assert.ok(typeof watch === 'object' && watch !== null && 'finished' in watch);
  const { finished } = watch as Awaited<ReturnType<typeof startMigration>>;
  const record = await withDeadline(finished, 'the end of the migration');
  assert.equal(record.result?.status, 'failed');
  return record.result?.error ?? '';
}

function kill(pid: number | undefined): void {
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
}
