import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { RunRecord, Sample } from '../../../src/shared/runRecord.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';
import {
  openPair,
  type PairBench,
  readLowPending,
  readWindows,
  type TracedWindow,
  until,
} from './pairBench.ts';

failOnUnhandledRejection();

let bench: PairBench;
before(async () => {
  bench = await openPair();
});
after(() => bench?.close());
beforeEach(() => bench.events.splice(0));

test('nothing declared: estimate, threshold and passes are QEMU’s own, and it does not switch over', async () => {
  const watch = await bench.start();
  await until(watch, 'six passes', ({ iterations }) => iterations.length >= 6);
  const record = await withDeadline(watch.cancel(), 'the end of the cancelled migration');
  assert.equal(record.result?.status, 'cancelled');
  const windows = readWindows(await bench.trace());
  agree(record, windows);
  assert.ok(windows.every(({ switchoverBytesPerMs }) => switchoverBytesPerMs === 0));
  noPassMissed(record);
  assert.deepEqual(readLowPending(await bench.trace()), [], 'QEMU was never below its threshold');
  assert.doesNotMatch(await bench.trace(), /completion_vm_stop/);
  const thresholds = record.samples
    .map(({ threshold }) => threshold)
    .filter((threshold) => threshold !== undefined);
  const dirty = record.iterations
    .map(({ remaining }) => remaining)
    .filter((remaining) => remaining !== undefined);
  assert.ok(dirty.length >= 3, 'what was left is known of most passes');
  assert.ok(
    Math.min(...dirty) > Math.max(...thresholds.map(Number)),
    'QEMU went on, so what was left after each pass has to be above every threshold',
  );
});

test('100 MiB/s declared: the threshold is the declared one, and it switches over when below it', async () => {
  await bench.pair.renewDestination();
  const destination = await connectMonitor(bench.pair.destination.address);
  const earlier = readWindows(await bench.trace()).length;
  const watch = await bench.start({ destination, declaredBandwidth: 104_857_600 });
  const record = await withDeadline(watch.finished, 'the end of the migration', 30_000);
  await destination.close();
  assert.equal(record.result?.status, 'completed', record.result?.error);
  const windows = readWindows(await bench.trace()).slice(earlier);
  agree(record, windows);
  assert.ok(windows.every(({ switchoverBytesPerMs }) => switchoverBytesPerMs === 104_857));
  noPassMissed(record);
  assert.match(await bench.trace(), /completion_vm_stop/);
  const known = record.samples.filter(({ threshold }) => threshold !== undefined);
  assert.ok(known.length > 0);
  assert.ok(known.every(({ threshold }) => threshold === 31_457_100));
  const { result } = record;
  assert.equal(result?.switchoverMeasuredBy, 'stop-to-resume');
  assert.ok((result?.passes ?? 0) <= 5, `${result?.passes} passes`);
  const stop = bench.events.find(({ name }) => name === 'STOP');
  const second = bench.events.filter(({ name }) => name === 'MIGRATION_PASS').at(-2);
  assert.ok(stop && second && stop.timestampUs >= second.timestampUs);
  const pending = readLowPending(await bench.trace());
  assert.ok(pending.length > 0 && pending.every((bytes) => bytes < 31_457_100), `QEMU decided at ${pending}`);
  assert.ok((result?.downtimeBytes ?? 0) < 31_457_100, `${result?.downtimeBytes} were left`);
});

/** Each sample tells of one of QEMU's windows, in their order, and nearly every window shows in a sample. */
function agree(record: RunRecord, windows: TracedWindow[]): void {
  const samples = record.samples.filter(({ estimatedBandwidth }) => estimatedBandwidth !== undefined);
  assert.ok(
    samples.length >= 4 && windows.length >= 4,
    `${samples.length} samples, ${windows.length} windows`,
  );
  let at = 0;
  for (const sample of samples) {
    const found = windows.findIndex((window, index) => index >= at && same(sample, window));
    assert.ok(
      found >= 0,
      `no window of QEMU fits the sample at ${sample.t} ms: ${describe(sample, windows, at)}`,
    );
    assert.equal(Number(sample.threshold), windows[found]?.threshold, `threshold at ${sample.t} ms`);
    at = found;
  }
  const unseen = windows.filter((window) => !samples.some((sample) => same(sample, window)));
  // Two windows may end between two samples of a busy machine, and the last one after the last sample.
  assert.ok(
    unseen.length <= 2 + 0.2 * windows.length,
    `${unseen.length} of ${windows.length} windows show in no sample`,
  );
}

function same(sample: Sample, { transferred, timeSpent }: TracedWindow): boolean {
  const bandwidth = (transferred * 1000) / timeSpent;
  // The order pins the window down: the promised 1 % alone would let neighbours pass for one another.
  return Math.abs((sample.estimatedBandwidth ?? 0) - bandwidth) <= 1e-9 * bandwidth;
}

function describe(sample: Sample, windows: TracedWindow[], at: number): string {
  const near = windows
    .slice(at, at + 4)
    .map(({ transferred, timeSpent }) => (transferred * 1000) / timeSpent);
  return `estimate ${sample.estimatedBandwidth}, windows ${near.join(', ')}`;
}

function noPassMissed(record: RunRecord): void {
  const began = bench.events
    .filter(({ name }) => name === 'MIGRATION_PASS')
    .map(({ data }) => Number(data['pass']));
  assert.deepEqual(
    began,
    began.map((_, index) => index + 1),
    'QEMU’s own events',
  );
  assert.deepEqual(
    record.iterations.map(({ pass }) => pass),
    began,
  );
  for (const [index, { bytes, start, end }] of record.iterations.entries()) {
    assert.ok(bytes !== undefined && bytes >= 0, `bytes of pass ${index + 1}`);
    assert.ok(end >= start);
    if (index > 0) assert.equal(start, record.iterations[index - 1]?.end);
  }
}
