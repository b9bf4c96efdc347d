import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { resumeWatch, watchRunning } from '../../../src/migration/beginWatch.ts';
import { RunStore } from '../../../src/migration/runStore.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';
import { openPair, type PairBench, until } from './pairBench.ts';

failOnUnhandledRejection();

let bench: PairBench;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'qmp-runs-'));
  bench = await openPair();
});
afterEach(async () => {
  await bench?.close();
  rmSync(directory, { recursive: true, force: true });
});

test('the editor is reloaded in mid-migration: the record goes on from its journal to the true end', async () => {
  const watch = await bench.start();
  const before = new RunStore({ directory, clock: systemClock, logger: bench.logger });
  const journal = await before.begin(watch.record);
  watch.onUpdate((record) => journal.update(record));
  await until(watch, 'three passes', ({ iterations }) => iterations.length >= 3);
  watch.dispose();
  await journal.suspend();
  await bench.source.close();

  const store = new RunStore({ directory, clock: systemClock, logger: bench.logger });
  const [found] = await store.unfinished();
  assert.ok(found, 'the journal was not found');
  const source = await connectMonitor(bench.pair.source.address);
  const options = { source, destination: bench.destination, clock: systemClock, logger: bench.logger };
  const resumed = await resumeWatch(found.record, options);
  resumed.onUpdate((record) => found.update(record));
  const earlier = found.record.iterations.length;
  await until(resumed, 'two more passes', ({ iterations }) => iterations.length >= earlier + 2);
  await resumed.setParameters({ 'avail-switchover-bandwidth': 104_857_600 });
  const record = await withDeadline(resumed.finished, 'the end of the migration', 20_000);
  const path = await found.finish(record);
  await source.close();

  const kept = await store.open(path);
  assert.equal(kept.result?.status, 'completed', kept.result?.error);
  assert.equal(kept.startedAt, watch.record.startedAt);
  const times = kept.samples.map(({ t }) => t);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  const passes = kept.iterations.map(({ pass }) => pass);
  assert.deepEqual(
    passes,
    [...new Set(passes)].sort((a, b) => a - b),
    'each pass once, in order',
  );
  assert.equal(passes.at(-1), kept.result?.passes);
});

test('started by something else with the events off: followed by polling to its end', async () => {
  const uri = `unix:${join(bench.pair.directory, 'm')}`;
  await bench.destination.execute('migrate-incoming', { uri });
  await bench.source.execute('migrate-set-parameters', { 'max-bandwidth': 32 * 1024 * 1024 });
  await bench.source.execute('migrate', { uri });
  const options = { source: bench.source, clock: systemClock, logger: bench.logger };
  const watch = await watchRunning(options);
  await until(watch, 'two passes', ({ iterations }) => iterations.length >= 2);
  assert.equal(watch.record.passesFrom, 'polling');
  await bench.source.execute('migrate-set-parameters', { 'avail-switchover-bandwidth': 104_857_600 });
  const { result } = await withDeadline(watch.finished, 'the end of the migration', 20_000);
  assert.equal(result?.status, 'completed', result?.error);
  assert.equal(result?.switchoverMeasuredBy, 'reported-downtime');
});

test('finished while nobody looked: its true end is found', async () => {
  // Listened for from before the start: on a busy host the first sample may come as late as the end.
  const done = new Promise<void>((resolve) => {
    bench.source.onEvent(({ name, data }) => {
      if (name === 'MIGRATION' && data['status'] === 'completed') resolve();
    });
  });
  const watch = await bench.start({ declaredBandwidth: 104_857_600 });
  await until(watch, 'a sample', ({ samples }) => samples.length > 0);
  watch.dispose();
  await withDeadline(done, 'QEMU to complete', 20_000);
  const options = { source: bench.source, clock: systemClock, logger: bench.logger };
  const resumed = await resumeWatch(watch.record, options);
  const { result } = await withDeadline(resumed.finished, 'the end of the watch', 5000);
  assert.equal(result?.status, 'completed', result?.error);
  assert.ok((result?.totalTimeMs ?? 0) > 0);
});
