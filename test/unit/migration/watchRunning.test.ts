import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resumeWatch, watchRunning } from '../../../src/migration/beginWatch.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { active, completed } from './scriptedMonitor.ts';
import { passesOf, settle, WatchBench } from './watchBench.ts';

failOnUnhandledRejection();

test('watching begins in the middle, with the true start', async () => {
  const bench = new WatchBench();
  bench.source.answer('query-migrate', active({ 'dirty-sync-count': 7 }, { 'total-time': 5000 }));
  const watch = await watchRunning(bench.options);
  await settle();
  assert.equal(Date.parse(watch.record.startedAt), bench.clock.now() - 5000);
  assert.equal(watch.record.samples[0]?.t, 5000);
  assert.equal(watch.record.via, 'watched');
  await bench.pass(500);
  await bench.event('MIGRATION_PASS', { pass: 8 }, active({ 'dirty-sync-count': 8 }));
  assert.deepEqual(passesOf(watch.record), []);
  await bench.pass(500);
  await bench.event('MIGRATION_PASS', { pass: 9 }, active({ 'dirty-sync-count': 9 }));
  assert.deepEqual(passesOf(watch.record), [8]);
  watch.dispose();
});

test('nothing to watch is an error that says so', async () => {
  const bench = new WatchBench();
  await assert.rejects(watchRunning(bench.options), /No migration is running on vm1/);
  bench.source.answer('query-migrate', completed());
  await assert.rejects(watchRunning(bench.options), /ended as "completed"/);
});

test('a record goes on after a restart, in the same pass', async () => {
  const bench = new WatchBench();
  const first = await bench.begin(active({ 'dirty-sync-count': 1, transferred: 0 }, { 'total-time': 0 }));
  await bench.pass(1000, active({ 'dirty-sync-count': 1, transferred: 20_000_000 }, { 'total-time': 1000 }));
  first.dispose();
  await bench.pass(1000, active({ 'dirty-sync-count': 1, transferred: 30_000_000 }, { 'total-time': 2000 }));
  const watch = await resumeWatch(first.record, bench.options);
  await settle();
  assert.equal(watch.record.samples.length, 3);
  await bench.pass(1000);
  await bench.event(
    'MIGRATION_PASS',
    { pass: 2 },
    active({ transferred: 66_000_000 }, { 'total-time': 3000 }),
  );
  assert.deepEqual(passesOf(watch.record), [1]);
  assert.equal(watch.record.iterations[0]?.bytes, 66_000_000);
  watch.dispose();
});

test('a record whose migration is not to be found ends as lost', async () => {
  for (const reply of [{}, active({}, { 'total-time': 100 })]) {
    const bench = new WatchBench();
    const first = await bench.begin(active({}, { 'total-time': 0 }));
    first.dispose();
    await bench.pass(10_000, reply);
    const watch = await resumeWatch(first.record, bench.options);
    assert.equal((await watch.finished).result?.status, 'lost');
  }
});

test('a migration that ended while nobody watched gets its true end', async () => {
  const bench = new WatchBench();
  const first = await bench.begin(active({}, { 'total-time': 0 }));
  first.dispose();
  await bench.pass(10_000, completed({}, { 'total-time': 3210 }));
  const watch = await resumeWatch(first.record, bench.options);
  const { result } = await watch.finished;
  assert.deepEqual([result?.status, result?.totalTimeMs], ['completed', 3210]);
});
