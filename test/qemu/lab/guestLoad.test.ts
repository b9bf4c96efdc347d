import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { assertDirtyRate, connect, dirtyRateSeconds, measureDirtyRate, startPair } from './pairUnderTest.ts';

const mebibyte = 1024 * 1024;

describe('the guest', () => {
  // The working sets are larger than what is dirtied while QEMU measures, so no page counts twice.
  for (const mebibytesPerSecond of [16, 64]) {
    test(`dirties ${mebibytesPerSecond} MiB/s when told to`, async (t) => {
      const dirtyBytesPerSecond = mebibytesPerSecond * mebibyte;
      const pair = await startPair(t, { workingSetBytes: 256 * mebibyte, dirtyBytesPerSecond });
      await assertDirtyRate(await connect(t, pair.source.address), mebibytesPerSecond);
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

async function dirtyRate(
  t: TestContext,
  workingSetBytes: number,
  dirtyBytesPerSecond: number,
): Promise<number> {
  const pair = await startPair(t, { workingSetBytes, dirtyBytesPerSecond });
  return measureDirtyRate(await connect(t, pair.source.address));
}
