import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { connect, dirtyRateSeconds, measureDirtyRate, startPair } from './pairUnderTest.ts';

const mebibyte = 1024 * 1024;
const attempts = 12;

describe('the guest', () => {
  // The working sets are larger than what is dirtied while QEMU measures, so no page counts twice.
  for (const mebibytesPerSecond of [16, 64]) {
    test(`dirties ${mebibytesPerSecond} MiB/s when told to`, async (t) => {
      const seen = await closestRate(t, mebibytesPerSecond);
      assert.ok(isClose(seen, mebibytesPerSecond), `${seen} MiB/s measured at best`);
    });
  }

  test('dirties its working set and nothing else', async (t) => {
    const measured = (await dirtyRate(t, 64 * mebibyte, 256 * mebibyte)) * dirtyRateSeconds;
    assert.ok(measured > 0.85 * 64 && measured < 1.15 * 64, `${measured} MiB dirty`);
  });

  test('dirties nothing at a rate of 0', async (t) => {
    assert.equal(await dirtyRate(t, 16 * mebibyte, 0), 0);
  });
});

/** A host that is busy with other things takes time from the guest: a second or two in which it does not are enough. */
async function closestRate(t: TestContext, wanted: number): Promise<number> {
  const pair = await startPair(t, {
    workingSetBytes: 256 * mebibyte,
    dirtyBytesPerSecond: wanted * mebibyte,
  });
  const source = await connect(t, pair.source.address);
  let closest = 0;
  for (let attempt = 0; attempt < attempts && !isClose(closest, wanted); attempt++) {
    const measured = await measureDirtyRate(source);
    if (Math.abs(measured - wanted) < Math.abs(closest - wanted)) closest = measured;
  }
  return closest;
}

function isClose(measured: number, wanted: number): boolean {
  return measured > 0.85 * wanted && measured < 1.15 * wanted;
}

async function dirtyRate(
  t: TestContext,
  workingSetBytes: number,
  dirtyBytesPerSecond: number,
): Promise<number> {
  const pair = await startPair(t, { workingSetBytes, dirtyBytesPerSecond });
  return measureDirtyRate(await connect(t, pair.source.address));
}
