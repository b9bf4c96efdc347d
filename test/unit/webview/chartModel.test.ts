import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChartView, emptyChartSamples, type ToChart } from '../../../src/shared/chartMessages.ts';
import { ChartModel } from '../../../src/webview/chartModel.ts';
import { emptyRun, madeUpRun, madeUpSamples, recordedView } from '../../support/chartPage/chartViews.ts';

type Append = Extract<ToChart, { type: 'append' }>;

function increment(view: ChartView, over: Partial<Append> = {}): Append {
  const none = { from: 0, items: [] };
  return {
    type: 'append',
    samples: emptyChartSamples(),
    iterations: none,
    steps: none,
    state: view.state,
    ...over,
  };
}

describe('ChartModel', () => {
  test('knows the same after increments as when shown at once', () => {
    const whole = new ChartModel(madeUpRun(300));
    const grown = new ChartModel(emptyRun());
    for (let from = 0; from < 300; from += 7) {
      const samples = madeUpSamples(from, Math.min(7, 300 - from));
      const { iterations, steps, state } = madeUpRun(Math.min(from + 7, 300));
      const done = grown.append({
        type: 'append',
        samples,
        // The pass under way is sent again, as the extension does.
        iterations: tailFrom(iterations, grown.view.iterations.length - 1),
        steps: tailFrom(steps, grown.view.steps.length - 1),
        state,
      });
      assert.equal(done, true, `increment at sample ${from} was refused`);
    }
    assert.deepEqual(grown.view.samples, whole.view.samples);
    assert.deepEqual(grown.view.iterations, whole.view.iterations);
    assert.deepEqual(grown.declared, whole.declared);
    assert.deepEqual(grown.below, whole.below);
    assert.deepEqual(grown.largest, whole.largest);
  });

  test('refuses an increment that leaves a hole, and stays as it was', () => {
    const model = new ChartModel(madeUpRun(10));
    const before = structuredClone(model.view);
    const iteration = { pass: 99, start: 0, end: 1 };
    const hole = increment(model.view, {
      samples: madeUpSamples(10, 1),
      iterations: { from: 50, items: [iteration] },
    });
    assert.equal(model.append(hole), false);
    assert.deepEqual(model.view, before);
  });

  test('replaces the tail of iterations', () => {
    const model = new ChartModel(madeUpRun(10));
    const kept = model.view.iterations.slice(0, 2);
    const next = { pass: 3, start: 400, end: 450 };
    model.append(increment(model.view, { iterations: { from: 2, items: [next] } }));
    assert.deepEqual(model.view.iterations, [...kept, next]);
  });

  test('draws a declared value only while it was known, and not one of 0', () => {
    const view = emptyRun();
    view.samples = {
      ...emptyChartSamples(),
      t: [0, 100, 200, 300, 400, 500],
      estimatedBandwidth: [1, 1, 1, 1, 1, 1],
      declaredBandwidth: [0, 5, 5, null, 7, 8],
      maxBandwidth: [null, null, null, null, null, null],
      remaining: [9, 9, 9, 9, 9, 9],
      thresholdByEstimate: [1, 1, 1, 1, 1, 1],
      thresholdByDeclared: [null, null, null, null, null, null],
    };
    assert.deepEqual(new ChartModel(view).declared, [
      { start: 100, end: 200, value: 5 },
      { start: 400, end: 500, value: 7 },
      { start: 500, end: 500, value: 8 },
    ]);
  });

  test('finds where the remaining bytes lay below the threshold in force', () => {
    const view = emptyRun();
    view.samples = {
      ...emptyChartSamples(),
      t: [0, 100, 200, 300, 400],
      estimatedBandwidth: [1, 1, 1, 1, 1],
      declaredBandwidth: [null, null, null, 4, 4],
      maxBandwidth: [null, null, null, null, null],
      remaining: [20, 5, 8, 25, null],
      thresholdByEstimate: [10, 10, 10, 10, 10],
      thresholdByDeclared: [null, null, null, 30, 30],
    };
    assert.deepEqual(new ChartModel(view).below, [{ start: 100, end: 300, value: true }]);
  });

  test('tells the first pass from what came after it', () => {
    const model = new ChartModel(recordedView('undeclared'));
    assert.ok(model.largest.remaining > 500e6, 'the first pass goes over the whole memory');
    assert.ok(
      model.largestRemainingLater < 20e6,
      `then 16 MiB stay dirty, not ${model.largestRemainingLater}`,
    );
    assert.equal(model.hasLaterPasses, true);
    assert.equal(new ChartModel(recordedView('declared')).hasLaterPasses, false);
  });
});

function tailFrom<T>(items: T[], from: number): { from: number; items: T[] } {
  const start = Math.max(0, from);
  return { from: start, items: items.slice(start) };
}
