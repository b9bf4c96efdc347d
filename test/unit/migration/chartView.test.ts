import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChartFeed } from '../../../src/migration/chartFeed.ts';
import { chartView } from '../../../src/migration/chartView.ts';
import { bandwidthSteps, poolIterations } from '../../../src/migration/iterations.ts';
import type { ChartView } from '../../../src/shared/chartMessages.ts';
import type { Iteration, RunRecord } from '../../../src/shared/runRecord.ts';
import { completedRun, pass, sample, sampleRun } from './sampleRun.ts';

const live = { live: true, canCancel: true };

test('a long pass stands alone, short ones are pooled to half a second or five', () => {
  const long = pass(1, 0, 2000);
  const quarter = [pass(2, 2000, 2250), pass(3, 2250, 2500)];
  const tiny = [1, 2, 3, 4, 5].map((i) => pass(3 + i, 2400 + 100 * i - 0, 2500 + 100 * i - 50));
  assert.deepEqual(
    poolIterations([long, ...quarter], false).map(({ firstPass, lastPass }) => [firstPass, lastPass]),
    [
      [1, 1],
      [2, 3],
    ],
  );
  const apart = poolIterations(tiny, false);
  assert.deepEqual(
    apart.map(({ firstPass, lastPass }) => [firstPass, lastPass]),
    [
      [4, 4],
      [5, 5],
      [6, 6],
      [7, 7],
    ],
  );
  const joined = [1, 2, 3, 4, 5].map((i) => pass(i, 50 * i, 50 * i + 50));
  assert.deepEqual(
    poolIterations(joined, false).map(({ firstPass, lastPass }) => [firstPass, lastPass]),
    [[1, 5]],
  );
});

test('what is left over waits while it runs and joins the step before at the end', () => {
  const iterations = [pass(1, 0, 2000, 60e6), pass(2, 2000, 2100, 3e6)];
  assert.equal(poolIterations(iterations, false).length, 1);
  const [step] = poolIterations(iterations, true);
  assert.deepEqual(step, { start: 0, end: 2100, bandwidth: 30e6, firstPass: 1, lastPass: 2 });
});

test('what was sent while the guest stood still does not lift the average of the passes before', () => {
  const iterations = [pass(1, 0, 600, 18e6), pass(2, 600, 610, 0.3e6), pass(3, 610, 630, 18e6)];
  const record = { ...completedRun(), iterations };
  record.result = { status: 'completed', switchoverStart: 609.5, switchoverEnd: 630 };
  const steps = bandwidthSteps(record);
  assert.deepEqual(
    steps.map(({ firstPass, lastPass }) => [firstPass, lastPass]),
    [[1, 2]],
  );
  assert.equal(steps[0]?.bandwidth, 30e6);
});

test('a pass without bytes is not drawn', () => {
  assert.deepEqual(poolIterations([{ pass: 1, start: 0, end: 2000 }], true), []);
});

test('columns: nothing declared, then declared in mid-migration', () => {
  const record = sampleRun({
    changes: [{ t: 2500, parameter: 'avail-switchover-bandwidth', from: 0, to: 104_857_600 }],
    samples: [{ t: 1, status: 'setup' }, sample(1000, 1), sample(2600, 3, { threshold: 31_457_100 })],
  });
  const { samples, state } = chartView(record, live);
  assert.deepEqual(samples, {
    t: [1, 1000, 2600],
    estimatedBandwidth: [null, 33_500_000, 33_500_000],
    declaredBandwidth: [null, null, 104_857_600],
    maxBandwidth: [33_554_432, 33_554_432, 33_554_432],
    remaining: [null, 16_000_000, 16_000_000],
    thresholdByEstimate: [null, 10_050_000, 10_050_000],
    thresholdByDeclared: [null, null, 31_457_100],
  });
  assert.deepEqual(state.marks, [{ t: 2500, text: 'avail-switchover-bandwidth: 0 → 104857600' }]);
});

test('a max-bandwidth that limits nothing is not drawn', () => {
  const { samples } = chartView(sampleRun({ maxBandwidth: 2n ** 63n }), live);
  assert.ok(samples.maxBandwidth.every((value) => value === null));
});

test('the pass under way is the last row, as far as it got', () => {
  const { iterations } = chartView(sampleRun(), live);
  assert.deepEqual(
    iterations.map(({ pass: number }) => number),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    [iterations[4]?.start, iterations[4]?.end, iterations[4]?.remaining],
    [3500, 3600, undefined],
  );
  const ended = chartView(sampleRun({ result: { status: 'cancelled' } }), live);
  assert.equal(ended.iterations.length, 4);
});

test('per cent of the declared bandwidth, and the switchover', () => {
  const { iterations, state, title } = chartView(completedRun(), live);
  assert.equal(Math.round(iterations[0]?.percentOfDeclared ?? 0), 31);
  assert.deepEqual(state.switchover, {
    start: 2200,
    end: 2440,
    bandwidth: 83_333_333,
    measuredBy: 'stop-to-resume',
  });
  assert.equal(state.live, false);
  assert.equal(state.canCancel, false);
  assert.equal(title, 'vm1 → unix:/tmp/m.sock');
});

test('what is fed bit by bit is what is shown at once', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('sample' as const), ms: fc.integer({ min: 1, max: 120 }) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 10, max: 900 }) }),
      fc.record({ kind: fc.constant('send' as const), ms: fc.constant(0) }),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, fc.boolean(), (moves, ends) => {
      const record = sampleRun({ samples: [], iterations: [] });
      const feed = new ChartFeed(record);
      const shown = feed.show(live);
      let now = 0;
      for (const { kind, ms } of moves) {
        now += ms;
        if (kind === 'send') apply(shown, feed, record);
        else grow(record, kind, now);
      }
      if (ends) record.result = { status: 'cancelled' };
      apply(shown, feed, record);
      assert.deepEqual(shown, chartView(record, live));
    }),
  );
});

function grow(record: RunRecord, kind: 'sample' | 'pass', now: number): void {
  const last = record.iterations.at(-1);
  if (kind === 'sample') record.samples.push(sample(now, (last?.pass ?? 0) + 1));
  else record.iterations.push(pass((last?.pass ?? 0) + 1, last?.end ?? 0, now));
}

/** What the page does. */
function apply(shown: ChartView, feed: ChartFeed, record: RunRecord): void {
  const message = feed.append(live);
  for (const [column, values] of Object.entries(message.samples)) {
    const target: unknown[] = shown.samples[column as keyof ChartView['samples']];
    target.push(...values);
  }
  shown.iterations.splice(message.iterations.from, Number.POSITIVE_INFINITY, ...message.iterations.items);
  shown.steps.splice(message.steps.from, Number.POSITIVE_INFINITY, ...message.steps.items);
  shown.state = message.state;
  assert.ok(message.samples.t.length <= 2 * record.samples.length);
}

test('rows that have ended are sent once', () => {
  const record = sampleRun();
  const feed = new ChartFeed(record);
  feed.show(live);
  const more: Iteration = pass(5, 3500, 4100);
  record.iterations.push(more);
  record.samples.push(sample(4101, 6));
  const message = feed.append(live);
  assert.equal(message.iterations.from, 4);
  assert.deepEqual(message.samples.t, [4101]);
  assert.equal(message.steps.items.length, 1);
});

test('no line crosses a time in which nothing was measured', () => {
  const record = sampleRun({ samples: [sample(1000, 1), sample(1100, 1), sample(8100, 4), sample(8200, 4)] });
  const { samples } = chartView(record, live);
  assert.deepEqual(samples.t, [1000, 1100, 4600, 8100, 8200]);
  for (const [column, values] of Object.entries(samples)) {
    if (column !== 't') assert.equal(values[2], null, column);
  }

  const feed = new ChartFeed(record);
  const shown = feed.show(live);
  record.samples.push(sample(18_200, 5));
  apply(shown, feed, record);
  assert.deepEqual(shown.samples.t, [1000, 1100, 4600, 8100, 8200, 13_200, 18_200]);
});

test('what runs in postcopy can not be cancelled', () => {
  const record = (status: string): RunRecord => sampleRun({ samples: [sample(100, 3, { status })] });
  assert.equal(chartView(record('postcopy-active'), live).state.canCancel, false);
  assert.equal(chartView(record('active'), live).state.canCancel, true);
});
