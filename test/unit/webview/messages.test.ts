import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { emptyChartSamples, isFromChart } from '../../../src/shared/chartMessages.ts';
import { toChartMessage } from '../../../src/webview/toChart.ts';
import { emptyRun, recordedView } from '../../support/chartPage/chartViews.ts';

const append = {
  type: 'append',
  samples: emptyChartSamples(),
  iterations: { from: 0, items: [] },
  steps: { from: 0, items: [] },
  state: emptyRun().state,
};

describe('what the page takes', () => {
  test('are the messages of the contract', () => {
    for (const run of ['undeclared', 'declared', 'changed'] as const) {
      const message = { type: 'show', view: recordedView(run), unit: 'MiB/s', restore: 'a' };
      assert.equal(toChartMessage(message), message);
    }
    assert.equal(toChartMessage(append), append);
    assert.deepEqual(toChartMessage({ type: 'capture', id: 1 }), { type: 'capture', id: 1 });
  });

  const view = recordedView('declared');
  const broken: [string, unknown][] = [
    ['nothing', undefined],
    ['an unknown type', { type: 'resize', width: 1 }],
    ['a unit it does not know', { type: 'show', view, unit: 'GB/s' }],
    ['no view', { type: 'show', unit: 'MiB/s' }],
    ['columns of unequal length', { ...append, samples: { ...emptyChartSamples(), t: [1] } }],
    ['a missing column', { ...append, samples: { t: [] } }],
    [
      'a number that is none',
      { ...append, samples: { ...view.samples, t: view.samples.t.map(() => Number.NaN) } },
    ],
    ['a negative tail', { ...append, steps: { from: -1, items: [] } }],
    ['a fact that is no text', { ...append, state: { ...append.state, facts: [{ label: 'a', value: 1 }] } }],
    ['a capture without id', { type: 'capture' }],
  ];
  for (const [name, message] of broken) {
    test(`is not ${name}`, () => assert.equal(toChartMessage(message), undefined));
  }

  test('are never a reason to throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        toChartMessage(value);
        isFromChart(value);
      }),
    );
  });
});

describe('what the extension takes', () => {
  test('are the messages of the contract', () => {
    const messages = [
      { type: 'ready' },
      { type: 'cancel' },
      { type: 'export', format: 'markdown' },
      { type: 'unit', unit: 'Mbit/s' },
      { type: 'captured', id: 3, png: 'data:' },
      { type: 'captured', id: 3, error: 'no canvas' },
    ];
    for (const message of messages) assert.equal(isFromChart(message), true, message.type);
  });

  test('are no others', () => {
    const messages = [
      null,
      'ready',
      {},
      { type: 'export', format: 'exe' },
      { type: 'captured' },
      { type: 'unit' },
    ];
    for (const message of messages) assert.equal(isFromChart(message), false, JSON.stringify(message));
  });
});
