import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bandwidthForThreshold,
  declaredThreshold,
  estimatedThreshold,
} from '../../../src/migration/threshold.ts';

/** What QEMU computes at the end of a window, in its own order of operations. */
function qemuWindow(bytes: number, ms: number, limit: number): { mbps: number; threshold: number } {
  const mbps = (bytes * 8) / (ms / 1000) / 1000 / 1000;
  return { mbps, threshold: Math.trunc((bytes / ms) * limit) };
}

test('a line of QEMU’s own trace: 100 MiB/s declared, 300 ms', () => {
  assert.equal(declaredThreshold(104_857_600, 300), 31_457_100);
});

test('below 1000 bytes per second the threshold is 0', () => {
  assert.equal(declaredThreshold(999, 300), 0);
  assert.equal(declaredThreshold(1999, 300), 300);
});

test('2^64−1 declared: the bytes per ms pass through a double, as in QEMU', () => {
  assert.equal(declaredThreshold(2n ** 64n - 1n, 300), 5_534_023_222_112_865_280n);
});

test('a product beyond 2^64−1 is not known', () => {
  assert.equal(declaredThreshold(2n ** 64n - 1n, 2_000_000), undefined);
});

test('the threshold by estimate is the one QEMU computed, for any window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000_000_000 }),
      fc.oneof(fc.integer({ min: 100, max: 130 }), fc.integer({ min: 100, max: 5000 })),
      fc.integer({ min: 1, max: 2_000_000 }),
      (bytes, ms, limit) => {
        const { mbps, threshold } = qemuWindow(bytes, ms, limit);
        assert.equal(Number(estimatedThreshold(Number(mbps.toPrecision(17)), limit)), threshold);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a bandwidth that no window gives falls back to the plain product', () => {
  assert.equal(estimatedThreshold(Math.PI, 300), Math.trunc(Math.PI * 125 * 300));
});

test('the bandwidth for a threshold is the smallest that QEMU turns into more than it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 2_000_000 }), (bytes, limit) => {
      const bandwidth = bandwidthForThreshold(bytes, limit);
      assert.ok(Number(declaredThreshold(bandwidth, limit)) > bytes);
      assert.ok(Number(declaredThreshold(bandwidth - 1, limit)) <= bytes);
    }),
  );
});
