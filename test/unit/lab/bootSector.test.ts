import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { guestFieldOffsets } from '../../../src/lab/bootSector.generated.ts';
import { bootSector, type GuestLoad } from '../../../src/lab/bootSector.ts';

const mebibyte = 1024 * 1024;
const usual: GuestLoad = {
  workingSetBytes: 16 * mebibyte,
  dirtyBytesPerSecond: 128 * mebibyte,
  memoryBytes: 512 * mebibyte,
};

function fields(load: Partial<GuestLoad>): {
  workingSetBytes: number;
  start: number;
  pagesPerSecond: number;
} {
  const image = bootSector({ ...usual, ...load });
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const start = view.getUint32(guestFieldOffsets.workingSetStart, true);
  const ticksPerSecond = 1_193_182 / view.getUint16(guestFieldOffsets.timerDivisor, true);
  return {
    start,
    workingSetBytes: view.getUint32(guestFieldOffsets.workingSetEnd, true) - start,
    pagesPerSecond: (view.getUint32(guestFieldOffsets.pagesPerTick, true) / 0x10000) * ticksPerSecond,
  };
}

describe('bootSector', () => {
  test('is one bootable sector', () => {
    const image = bootSector(usual);
    assert.equal(image.length, 512);
    assert.deepEqual([...image.subarray(510)], [0x55, 0xaa]);
  });

  test('leaves the memory below 2 MiB to the firmware', () => {
    assert.ok(fields({}).start >= 2 * mebibyte);
  });

  test('rounds the working set up to whole pages', () => {
    assert.equal(fields({ workingSetBytes: 16 * mebibyte }).workingSetBytes, 16 * mebibyte);
    assert.equal(fields({ workingSetBytes: 4097 }).workingSetBytes, 8192);
    assert.equal(fields({ workingSetBytes: 1 }).workingSetBytes, 4096);
  });

  test('carries rates from a page in ten seconds to a gibibyte per second', () => {
    for (const pagesPerSecond of [0.1, 1, 33, 32_768, 262_144]) {
      const { pagesPerSecond: carried } = fields({ dirtyBytesPerSecond: pagesPerSecond * 4096 });
      const error = Math.abs(carried / pagesPerSecond - 1);
      assert.ok(error < 0.01, `${pagesPerSecond} pages/s became ${carried}`);
    }
  });

  test('idles at a rate of 0', () => {
    assert.equal(fields({ dirtyBytesPerSecond: 0 }).pagesPerSecond, 0);
  });

  test('each image is its own', () => {
    bootSector(usual).fill(0xff);
    assert.equal(bootSector(usual)[511], 0xaa);
  });

  const refused: [string, Partial<GuestLoad>, RegExp][] = [
    [
      'a working set larger than memory',
      { workingSetBytes: 513 * mebibyte },
      /working set of 537919488 bytes/,
    ],
    ['a working set that leaves the firmware no room', { workingSetBytes: 512 * mebibyte }, /working set/],
    ['an empty working set', { workingSetBytes: 0 }, /working set of 0 bytes: must be from 1 to/],
    ['a working set that is no number', { workingSetBytes: Number.NaN }, /working set of NaN/],
    ['a negative rate', { dirtyBytesPerSecond: -1 }, /dirty rate of -1 bytes per second/],
    ['a rate beyond 1 GiB/s', { dirtyBytesPerSecond: 1025 * mebibyte }, /dirty rate.*to 1073741824 bytes/],
    ['an infinite rate', { dirtyBytesPerSecond: Number.POSITIVE_INFINITY }, /dirty rate of Infinity/],
    ['too little memory', { memoryBytes: 3 * mebibyte }, /memory of 3145728 bytes/],
    ['memory beyond the PCI hole', { memoryBytes: 4096 * mebibyte }, /memory of 4294967296 bytes/],
  ];
  for (const [what, load, message] of refused) {
    test(`refuses ${what}`, () => {
      assert.throws(() => bootSector({ ...usual, ...load }), { name: 'RangeError', message });
    });
  }
});
