import type { ExactInteger } from '../shared/json.ts';

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;
const mebibyte = 1_048_576n;

/** Bytes in the units of bandwidths as they are declared: "10.1 MB". */
export function sizeInWords(bytes: ExactInteger, digits = 3): string {
  let value = Number(bytes);
  let unit = 0;
  while (Number(value.toPrecision(digits)) >= 1000 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const rounded = unit === 0 ? Math.round(value) : Number(value.toPrecision(digits));
  return `${rounded} ${sizeUnits[unit]}`;
}

/** "33.5 MB/s" */
export function rateInWords(bytesPerSecond: ExactInteger, digits = 3): string {
  return `${sizeInWords(bytesPerSecond, digits)}/s`;
}

/** A value that somebody set, in the unit in which it is round: "100 MiB/s", "1 Gbit/s", "80 MB/s". */
export function settingInWords(bytesPerSecond: ExactInteger): string {
  const exact = BigInt(bytesPerSecond);
  if (exact >= mebibyte && exact % mebibyte === 0n) return `${exact / mebibyte} MiB/s`;
  if (exact >= 125_000_000n && exact % 125_000_000n === 0n) return `${exact / 125_000_000n} Gbit/s`;
  return rateInWords(bytesPerSecond);
}

/** Rounds up to two significant digits: a number to recommend. */
export function roundUp(value: number): number {
  if (value <= 0) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}

/** The middle of the known values. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const middle = Math.floor(known.length / 2);
  const upper = known[middle];
  const lower = known[middle - 1];
  return known.length % 2 === 1 || upper === undefined || lower === undefined ? upper : (upper + lower) / 2;
}
