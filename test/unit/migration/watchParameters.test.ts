import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { active, parameters } from './scriptedMonitor.ts';
import { settle, WatchBench } from './watchBench.ts';

failOnUnhandledRejection();

test('a change is recorded, and the threshold is not known until the second new window', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.answer('query-migrate-parameters', parameters({ 'avail-switchover-bandwidth': 104_857_600 }));
  await watch.setParameters({ 'avail-switchover-bandwidth': 104_857_600 });
  const { changes } = watch.record;
  assert.deepEqual(changes, [{ t: 0, parameter: 'avail-switchover-bandwidth', from: 0, to: 104_857_600 }]);
  await bench.pass(100);
  await bench.pass(100, active({ mbps: 270 }));
  await bench.pass(100, active({ mbps: 271 }));
  const thresholds = watch.record.samples.slice(-3).map(({ threshold }) => threshold);
  assert.deepEqual(thresholds, [undefined, undefined, 31_457_100]);
  watch.dispose();
});

test('a change that somebody else makes is seen within a second', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  bench.source.answer('query-migrate-parameters', parameters({ 'downtime-limit': 500 }));
  for (let tenth = 0; tenth < 11; tenth++) await bench.pass(100);
  const [change] = watch.record.changes;
  assert.deepEqual([change?.parameter, change?.from, change?.to], ['downtime-limit', 300, 500]);
  watch.dispose();
});

test('a change just before the end, and maybe its reason, is in the record', async () => {
  const bench = new WatchBench();
  const watch = await bench.begin(active());
  await bench.pass(100, active({ mbps: 270 }));
  bench.source.answer('query-migrate-parameters', parameters({ 'avail-switchover-bandwidth': 104_857_600 }));
  await bench.pass(100, { status: 'completed' });
  const { changes, result, samples } = await watch.finished;
  assert.deepEqual(changes, [
    { t: samples.at(-2)?.t, parameter: 'avail-switchover-bandwidth', from: 0, to: 104_857_600 },
  ]);
  assert.equal(result?.status, 'completed');
});

test('2^64−1 declared stays exact, also in the threshold', async () => {
  const bench = new WatchBench();
  bench.source.answer(
    'query-migrate-parameters',
    parameters({ 'avail-switchover-bandwidth': 2n ** 64n - 1n }),
  );
  const watch = await bench.begin(active());
  assert.equal(watch.record.declaredBandwidth, 2n ** 64n - 1n);
  assert.equal(watch.record.samples[0]?.threshold, 5_534_023_222_112_865_280n);
  watch.dispose();
});

test('an older QEMU: no declared value, and the threshold goes by the estimate', async () => {
  const bench = new WatchBench();
  const values = parameters();
  delete values['avail-switchover-bandwidth'];
  bench.source.answer('query-migrate-parameters', values);
  const watch = await bench.begin(active({ mbps: 268.4 }));
  assert.equal('declaredBandwidth' in watch.record, false);
  assert.equal(watch.record.samples[0]?.threshold, 10_065_000);
  watch.dispose();
});

test('QEMU’s clock is put on ours by the event that came fastest', async () => {
  const bench = new WatchBench();
  bench.source.clockAheadMs = 3_600_000;
  const watch = await bench.begin(active({ 'dirty-sync-count': 1 }));
  bench.source.event('MIGRATION', { status: 'active' }, 0);
  await bench.pass(50);
  bench.source.event('MIGRATION_PASS', { pass: 1 }, 20);
  await bench.pass(1000);
  bench.source.event('MIGRATION_PASS', { pass: 2 }, 0);
  await settle();
  assert.deepEqual([watch.record.iterations[0]?.start, watch.record.iterations[0]?.end], [30, 1050]);
  watch.dispose();
});
