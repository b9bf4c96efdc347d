import { guestFieldOffsets, guestImageHex } from './bootSector.generated.ts';

const pageBytes = 4096;
const mebibyte = 1024 * 1024;
/** Input clock of the PC's interval timer, in Hz. */
const timerHz = 1_193_182;
const ticksPerSecond = 100;
const workingSetStart = 2 * mebibyte;
/** The firmware keeps its tables at the top of memory. */
const firmwareBytes = mebibyte;
const maxMemoryBytes = 3072 * mebibyte;
/** Keeps an emulated guest busy for about half of its time. */
const maxDirtyBytesPerSecond = 1024 * mebibyte;

/** What the guest does; see `bootSector`. */
export interface GuestLoad {
  /** Bytes of memory that are kept dirty, rounded up to whole pages of 4096; at least one page. */
  workingSetBytes: number;
  /** Bytes of memory (pages × 4096) dirtied per second, 0 (idle) to 1 GiB/s. */
  dirtyBytesPerSecond: number;
  /** Memory of the VM in bytes, at most 3 GiB (all of it below the PCI hole). */
  memoryBytes: number;
}

/**
 * The 512 bytes from which the guest boots: it fills its working set with data once, says "ready\n" on QEMU's
 * debug console (port 0xe9), then changes pages of it in turn, 100 times a second, at the chosen rate.
 * @throws RangeError when a number is not finite, out of its range, or the working set does not fit the memory
 */
export function bootSector(load: GuestLoad): Uint8Array {
  checkLoad(load);
  const pages = Math.ceil(load.workingSetBytes / pageBytes);
  const divisor = Math.round(timerHz / ticksPerSecond);
  const pagesPerTick = load.dirtyBytesPerSecond / pageBytes / (timerHz / divisor);
  const image = Uint8Array.from(Buffer.from(guestImageHex, 'hex'));
  const view = new DataView(image.buffer);
  view.setUint16(guestFieldOffsets.timerDivisor, divisor, true);
  view.setUint32(guestFieldOffsets.workingSetStart, workingSetStart, true);
  view.setUint32(guestFieldOffsets.workingSetEnd, workingSetStart + pages * pageBytes, true);
  view.setUint32(guestFieldOffsets.pagesPerTick, Math.round(pagesPerTick * 0x10000), true);
  return image;
}

function checkLoad({ workingSetBytes, dirtyBytesPerSecond, memoryBytes }: GuestLoad): void {
  const leastMemory = workingSetStart + firmwareBytes + pageBytes;
  checkRange('memory', memoryBytes, leastMemory, maxMemoryBytes, 'bytes');
  checkRange('dirty rate', dirtyBytesPerSecond, 0, maxDirtyBytesPerSecond, 'bytes per second');
  const room = Math.floor((memoryBytes - workingSetStart - firmwareBytes) / pageBytes) * pageBytes;
  checkRange('working set', workingSetBytes, 1, room, 'bytes', ` in a VM of ${memoryBytes} bytes of memory`);
}

function checkRange(
  name: string,
  value: number,
  least: number,
  most: number,
  unit: string,
  where = '',
): void {
  // Written so that NaN fails too.
  if (value >= least && value <= most) return;
  throw new RangeError(`${name} of ${value} ${unit}: must be from ${least} to ${most} ${unit}${where}`);
}
