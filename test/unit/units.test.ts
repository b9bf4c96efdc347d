import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  formatBandwidth,
  formatBandwidthValue,
  formatBytes,
  formatDuration,
  formatInteger,
} from '../../src/shared/units.ts';

describe('formatBytes', () => {
  const cases: [number | bigint, string][] = [
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [421_888, '412 KiB'],
    [1_048_575, '1.00 MiB'],
    [16_809_984, '16.0 MiB'],
    [10_048_000, '9.58 MiB'],
    [104_857_600, '100 MiB'],
    [537_403_392, '513 MiB'],
    [2n ** 64n - 1n, '16 EiB'],
    [2n ** 75n, '32,768 EiB'],
  ];
  for (const [bytes, text] of cases) {
    test(`${bytes} is ${text}`, () => assert.equal(formatBytes(bytes), text));
  }
});

describe('formatBandwidth', () => {
  test('speaks both units', () => {
    assert.equal(formatBandwidth(104_857_600, 'MiB/s'), '100 MiB/s');
    assert.equal(formatBandwidth(104_857_600, 'Mbit/s'), '839 Mbit/s');
    assert.equal(formatBandwidth(125_000_000, 'Mbit/s'), '1,000 Mbit/s');
    assert.equal(formatBandwidth(125_000_000, 'MiB/s'), '119 MiB/s');
    assert.equal(formatBandwidth(0, 'MiB/s'), '0 MiB/s');
  });

  test('never shows 10.00 for what rounds up to 10', () => {
    assert.equal(formatBandwidthValue(9.996 * 125_000, 'Mbit/s'), '10.0');
  });

  test('stays exact to the unit up to 2^64-1', () => {
    assert.equal(formatBandwidth(2n ** 64n - 1n, 'MiB/s'), '17,592,186,044,416 MiB/s');
    assert.equal(formatBandwidth(2n ** 64n - 1n, 'Mbit/s'), '147,573,952,589,676 Mbit/s');
    assert.equal(formatBandwidth(Number.MAX_SAFE_INTEGER, 'MiB/s'), '8,589,934,592 MiB/s');
  });
});

describe('formatInteger', () => {
  test('keeps every digit', () => {
    assert.equal(formatInteger(2n ** 64n - 1n), '18,446,744,073,709,551,615');
    assert.equal(formatInteger(-12_345), '-12,345');
  });
});

describe('formatDuration', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [2.34, '2.3 ms'],
    [9.97, '10 ms'],
    [58, '58 ms'],
    [999.7, '1.00 s'],
    [3212, '3.21 s'],
    [12_300, '12.3 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_599_700, '1 h 0 min'],
    [3_725_000, '1 h 2 min'],
  ];
  for (const [ms, text] of cases) {
    test(`${ms} ms is ${text}`, () => assert.equal(formatDuration(ms), text));
  }
});
