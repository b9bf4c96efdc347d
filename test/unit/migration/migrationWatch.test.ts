import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginWatch } from '../../../src/migration/beginWatch.ts';
import { Deferred } from '../../../src/shared/deferred.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { active, completed } from './scriptedMonitor.ts';
import { passesOf, settle, WatchBench } from './watchBench.ts';

failOnUnhandledRejection();

test('a run from setup to completed: samples, passes by events, switchover by both clocks', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin({ status: 'setup' });
  await bench.event('MIGRATION', { status: 'setup' });
  await bench.event(
    'MIGRATION_PASS',
    { pass: 1 },
    active({ 'dirty-sync-count': 1, transferred: 0, mbps: 0 }),
  );
  await bench.pass(1000, active({ 'dirty-sync-count': 1, transferred: 33_000_000 }));
  await bench.pass(1000);
  await bench.event('MIGRATION_PASS', { pass: 2 }, active({ transferred: 66_000_000 }));
  await bench.pass(500, active({ transferred: 70_000_000, remaining: 12_000_000 }));
  await bench.event('STOP');
  await bench.pass(10);
  bench.source.held = new Deferred();
  await bench.event('MIGRATION_PASS', { pass: 3 });
  await bench.pass(190, completed());
  bench.destination.event('RESUME');
  await bench.event('MIGRATION', { status: 'completed' });
  bench.source.held.resolve();
  await settle();
  const record = await watch.finished;

  assert.deepEqual(passesOf(record), [1, 2, 3]);
  const [first, second, third] = record.iterations;
  assert.deepEqual([first?.bytes, second?.bytes, third?.bytes], [66_000_000, 4_000_000, 20_000_000]);
  assert.equal(first?.bandwidth, 33_000_000);
  assert.equal(first?.remaining, 16_000_000);
  assert.equal(record.result?.status, 'completed');
  assert.equal(record.result?.switchoverMeasuredBy, 'stop-to-resume');
  assert.equal(record.result?.switchoverBandwidth, 100_000_000);
  assert.equal(record.result?.passes, 3);
  assert.equal(record.result?.downtimeMs, 200);
});

test('what is not known yet is absent', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active({ mbps: 0, 'dirty-sync-count': 0, 'dirty-pages-rate': 0 }));
  const sample = watch.record.samples.at(-1);
  assert.ok(sample);
  assert.deepEqual(Object.keys(sample), ['t', 'status', 'transferred', 'remaining', 'total']);
  watch.dispose();
});

test('the average that QEMU reports at the end is no estimate', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  await bench.event('MIGRATION', { status: 'completed' }, completed());
  const last = watch.record.samples.at(-1);
  assert.equal(last?.status, 'completed');
  assert.equal(last?.estimatedBandwidth, undefined);
  assert.equal(last?.threshold, undefined);
  assert.equal(last?.dirtyRate, undefined);
});

test('without RESUME of the destination the reported downtime is taken, and said so', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  await bench.event('STOP');
  await bench.event('MIGRATION', { status: 'completed' }, completed());
  assert.equal(watch.record.result, undefined);
  await bench.pass(1000);
  const { result } = await watch.finished;
  assert.equal(result?.switchoverMeasuredBy, 'reported-downtime');
  assert.equal(result?.switchoverBandwidth, 100_000_000);
  assert.equal(result?.switchoverEnd, undefined);
});

test('the next question is asked 100 ms after the last reply, never two at once', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  const before = bench.source.count('query-migrate');
  bench.source.held = new Deferred();
  await bench.pass(100);
  assert.equal(bench.source.count('query-migrate'), before + 1);
  await bench.pass(1000);
  assert.equal(bench.source.count('query-migrate'), before + 1);
  bench.source.held.resolve();
  bench.source.held = undefined;
  await settle();
  await bench.pass(99);
  assert.equal(bench.source.count('query-migrate'), before + 1);
  await bench.pass(1);
  assert.equal(bench.source.count('query-migrate'), before + 2);
  watch.dispose();
});

test('a pass that begins while a question is under way is asked for again', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.held = new Deferred();
  await bench.pass(100);
  const asked = bench.source.count('query-migrate');
  await bench.event('MIGRATION_PASS', { pass: 3 });
  assert.equal(bench.source.count('query-migrate'), asked);
  bench.source.held.resolve();
  bench.source.held = undefined;
  await settle();
  assert.equal(bench.source.count('query-migrate'), asked + 1);
  watch.dispose();
});

test('QEMU vanishes: lost at once, with all that was seen', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active({ 'dirty-sync-count': 1 }));
  await bench.pass(100, active({ 'dirty-sync-count': 1, transferred: 12_000_000 }));
  bench.source.break('connection reset');
  const record = await watch.finished;
  assert.equal(record.result?.status, 'lost');
  assert.match(record.result?.error ?? '', /unix:\/run\/vm1\.qmp.*connection reset/);
  assert.equal(record.result?.transferred, 12_000_000);
  assert.equal(bench.clock.pending, 0);
});

test('QEMU vanishes while a question is under way', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.held = new Deferred();
  await bench.pass(100);
  bench.source.break('killed');
  assert.equal((await watch.finished).result?.status, 'lost');
});

test('the monitor closes between the end and RESUME: the end stays true', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  await bench.event('STOP');
  await bench.event('MIGRATION', { status: 'completed' }, completed());
  bench.source.break('quit');
  assert.equal((await watch.finished).result?.status, 'completed');
});

test('failed: QEMU’s words, and the last live sample is kept', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active({ transferred: 42_000_000 }));
  await bench.event('MIGRATION', { status: 'failed' }, { status: 'failed', 'error-desc': 'Broken pipe' });
  const { result, samples } = await watch.finished;
  assert.equal(result?.status, 'failed');
  assert.equal(result?.error, 'Broken pipe');
  assert.equal(result?.transferred, 42_000_000);
  assert.equal(result?.downtimeMs, undefined);
  assert.equal(samples.at(-1)?.status, 'active');
});

test('cancel waits for the true end, which may be completed', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.answer('query-migrate', completed());
  const record = await watch.cancel();
  assert.equal(record.result?.status, 'completed');
  assert.equal(bench.source.count('migrate_cancel'), 1);
});

test('a migration in postcopy is not cancelled: its guest would be lost', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active({}, { status: 'postcopy-active' }));
  await assert.rejects(watch.cancel(), /runs on the destination already/);
  assert.equal(bench.source.count('migrate_cancel'), 0);
  watch.dispose();
});

test('cancelled during setup', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin({ status: 'setup' });
  const cancelled = watch.cancel();
  await bench.event('MIGRATION', { status: 'cancelling' }, { status: 'cancelling' });
  assert.equal(watch.record.result, undefined);
  await bench.event('MIGRATION', { status: 'cancelled' }, { status: 'cancelled' });
  assert.equal((await cancelled).result?.status, 'cancelled');
});

test('cancel when QEMU vanishes ends as lost and does not throw', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.break('killed');
  assert.equal((await watch.cancel()).result?.status, 'lost');
});

test('a status of a later QEMU counts as running', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin({ status: 'postcopy-device' });
  await bench.pass(100, { status: 'failing' });
  assert.equal(watch.record.result, undefined);
  assert.deepEqual(
    watch.record.samples.map(({ status }) => status),
    ['postcopy-device', 'failing'],
  );
  watch.dispose();
});

test('without events the passes come from the samples', async () => {
  const bench = new WatchBench();
  bench.source.answer('query-migrate-capabilities', [{ capability: 'events', state: false }]);
  const watch = await bench.begin(active({ 'dirty-sync-count': 1, transferred: 0 }));
  await bench.pass(100, active({ 'dirty-sync-count': 1, transferred: 1_000_000 }));
  await bench.pass(100, active({ 'dirty-sync-count': 2, transferred: 2_000_000 }));
  await bench.pass(100, active({ 'dirty-sync-count': 4, transferred: 3_000_000 }));
  await bench.pass(100, { status: 'failed', 'error-desc': 'x' });
  const record = await watch.finished;
  assert.equal(record.passesFrom, 'polling');
  assert.deepEqual(passesOf(record), [1, 2]);
  assert.deepEqual(
    record.iterations.map(({ bytes }) => bytes),
    [2_000_000, 1_000_000],
  );
});

test('a pause by hand in mid-migration is no switchover', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  await bench.event('STOP');
  await bench.event('RESUME');
  await bench.event('MIGRATION', { status: 'completed' }, completed());
  const { result } = await watch.finished;
  assert.equal(result?.switchoverStart, undefined);
  assert.equal(result?.switchoverMeasuredBy, 'reported-downtime');
});

test('a listener that throws is logged and stops nothing', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  watch.onUpdate(() => {
    throw new Error('no');
  });
  await bench.pass(100);
  await bench.pass(100);
  assert.equal(watch.record.samples.length, 3);
  assert.ok(bench.logger.lines.some((line) => line.startsWith('error a listener failed')));
  watch.dispose();
});

test('a refused start leaves nothing behind', async () => {
  const bench = new WatchBench();
  const refused = beginWatch({
    ...bench.options,
    via: 'qmp',
    start: async () => {
      throw new Error('refused');
    },
  });
  await assert.rejects(refused, /refused/);
  assert.equal(bench.clock.pending, 0);
});

test('disposed, it asks no more and settles without a result', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  watch.dispose();
  assert.equal((await watch.finished).result, undefined);
  const asked = bench.source.count('query-migrate');
  await bench.pass(1000);
  bench.source.break('later');
  assert.equal(bench.source.count('query-migrate'), asked);
});
