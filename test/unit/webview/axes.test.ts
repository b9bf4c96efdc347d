import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remainingFocus, scaleTop } from '../../../src/webview/axisScale.ts';
import { bandwidthIncrements, secondTexts, tickTexts } from '../../../src/webview/axisTicks.ts';

const MIB = 1_048_576;

describe('scaleTop', () => {
  test('shows a limit that lies near the data', () => {
    const top = scaleTop(33 * MIB, [100 * MIB]);
    assert.ok(top > 100 * MIB && top < 130 * MIB, `${top / MIB} MiB/s`);
  });

  test('does not let an enormous limit squash the data', () => {
    const top = scaleTop(33 * MIB, [2 ** 64, 32 * MIB]);
    assert.ok(top > 33 * MIB && top < 50 * MIB, `${top / MIB} MiB/s`);
  });

  test('goes by the smallest limit when nothing was measured', () => {
    const top = scaleTop(0, [2 ** 64, 32 * MIB, 0]);
    assert.ok(top > 32 * MIB && top < 50 * MIB, `${top / MIB} MiB/s`);
  });

  test('is a usable scale without any value', () => {
    assert.equal(scaleTop(0, []), 1);
  });
});

describe('remainingFocus', () => {
  test('is the whole while the first pass lasts', () => {
    assert.equal(remainingFocus(512 * MIB, 0, [10 * MIB]), 512 * MIB);
  });

  test('looks at the surroundings of the thresholds afterwards', () => {
    assert.equal(remainingFocus(512 * MIB, 16 * MIB, [10 * MIB, 30 * MIB]), 90 * MIB);
  });

  test('keeps a large working set in view', () => {
    assert.equal(remainingFocus(512 * MIB, 100 * MIB, [10 * MIB]), 100 * MIB);
  });

  test('is not led astray by a threshold above all memory', () => {
    assert.equal(remainingFocus(512 * MIB, 16 * MIB, [10 * MIB, 2 ** 70]), 30 * MIB);
  });
});

describe('ticks', () => {
  test('are round in the unit', () => {
    assert.ok(bandwidthIncrements('MiB/s').includes(10 * MIB));
    assert.ok(bandwidthIncrements('Mbit/s').includes(250_000));
  });

  test('have as many decimals as their distance needs', () => {
    assert.deepEqual(tickTexts([0, 5 * MIB], 5 * MIB, MIB), ['0', '5']);
    assert.deepEqual(tickTexts([0, 0.5 * MIB], 0.5 * MIB, MIB), ['0.0', '0.5']);
    assert.deepEqual(secondTexts([0, 200], 200), ['0.0 s', '0.2 s']);
    assert.deepEqual(secondTexts([0, 60_000], 60_000), ['0 s', '60 s']);
  });
});
