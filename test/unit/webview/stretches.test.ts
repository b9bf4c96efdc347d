import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { envelopes, joinNear } from '../../../src/webview/stretches.ts';

describe('envelopes', () => {
  test('leave long stretches alone', () => {
    const steps = [
      { start: 0, end: 100, value: 5 },
      { start: 100, end: 200, value: 7 },
    ];
    assert.deepEqual(envelopes(steps, 50), [
      { start: 0, end: 100, low: 5, high: 5 },
      { start: 100, end: 200, low: 7, high: 7 },
    ]);
  });

  test('gather short ones, from the lowest to the highest', () => {
    const steps = [3, 9, 4, 5].map((value, index) => ({ start: index * 10, end: index * 10 + 10, value }));
    assert.deepEqual(envelopes(steps, 20), [
      { start: 0, end: 20, low: 3, high: 9 },
      { start: 20, end: 40, low: 4, high: 5 },
    ]);
  });

  test('do not bridge a gap that can be seen', () => {
    const steps = [
      { start: 0, end: 5, value: 1 },
      { start: 50, end: 55, value: 2 },
    ];
    assert.equal(envelopes(steps, 20).length, 2);
  });

  test('are no more than there is room for', () => {
    const steps = Array.from({ length: 100_000 }, (_, index) => ({
      start: index,
      end: index + 1,
      value: index % 7,
    }));
    assert.ok(envelopes(steps, 100).length <= 1000);
  });
});

test('joinNear joins what lies close together', () => {
  const spans = [
    { start: 0, end: 10 },
    { start: 12, end: 20 },
    { start: 40, end: 50 },
  ];
  assert.deepEqual(joinNear(spans, 5), [
    { start: 0, end: 20 },
    { start: 40, end: 50 },
  ]);
});
