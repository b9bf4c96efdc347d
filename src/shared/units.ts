import type { BandwidthUnit } from './chartMessages.ts';
import type { ExactInteger } from './json.ts';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes per second in one of the unit: 2^20 for MiB/s, 125 000 for Mbit/s (10^6 bit). */
export function bytesPerSecondIn(unit: BandwidthUnit): number {
  return unit === 'MiB/s' ? 1_048_576 : 125_000;
}

/** `padded` writes 16 as "16.0", so that the numbers of a column look alike. */
export type Digits = 'short' | 'padded';

/** Two decimals below 10, one below 100, none above and for whole numbers; thousands grouped. */
function formatNumber(value: number, digits: Digits = 'short'): string {
  const rounded = Number(value.toPrecision(3));
  if (value === 0 || (digits === 'short' && Number.isInteger(value) && value < 100)) return String(value);
  if (rounded < 10) return value.toFixed(2);
  if (rounded < 100) return value.toFixed(1);
  return groupDigits(value < 2 ** 53 ? value.toFixed(0) : String(BigInt(value)));
}

/** Every digit of an integer, thousands grouped by commas: "18,446,744,073,709,551,615". */
export function formatInteger(value: ExactInteger): string {
  return groupDigits(String(value));
}

/** Bytes in the largest binary unit that keeps the number at 1 or more: "412 KiB", "16.0 MiB", "16.0 EiB". */
export function formatBytes(bytes: ExactInteger, digits: Digits = 'short'): string {
  let value = Number(bytes);
  let unit = 0;
  // 1023.5 would be shown as 1024 of the smaller unit.
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatNumber(value, unit === 0 ? 'short' : digits)} ${BYTE_UNITS[unit]}`;
}

/** A bandwidth in the user's unit, without the unit: "33.5". Exact to the unit for integers beyond 2^53. */
export function formatBandwidthValue(
  bytesPerSecond: ExactInteger,
  unit: BandwidthUnit,
  digits: Digits = 'short',
): string {
  const divisor = bytesPerSecondIn(unit);
  if (typeof bytesPerSecond === 'bigint' && bytesPerSecond > BigInt(Number.MAX_SAFE_INTEGER)) {
    const half = BigInt(divisor / 2);
    return groupDigits(String((bytesPerSecond + half) / BigInt(divisor)));
  }
  return formatNumber(Number(bytesPerSecond) / divisor, digits);
}

/** A bandwidth in the user's unit: "33.5 MiB/s", "281 Mbit/s". */
export function formatBandwidth(
  bytesPerSecond: ExactInteger,
  unit: BandwidthUnit,
  digits: Digits = 'short',
): string {
  return `${formatBandwidthValue(bytesPerSecond, unit, digits)} ${unit}`;
}

/** A time span of `ms` milliseconds: "2.3 ms", "58 ms", "3.21 s", "12.3 s", "2 min 5 s", "1 h 2 min". */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${formatNumber(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
