import type { BandwidthUnit } from '../shared/chartMessages.ts';
import { bytesPerSecondIn } from '../shared/units.ts';

const MS_PER_SECOND = 1000;

/** Distances between ticks, in bytes per second, that are round in the user's unit. */
export function bandwidthIncrements(unit: BandwidthUnit): number[] {
  return decimalSeries(-3, 15).map((step) => step * bytesPerSecondIn(unit));
}

/** Distances between ticks in bytes: powers of two, so that they are round in KiB, MiB and GiB. */
export function byteIncrements(): number[] {
  return Array.from({ length: 70 }, (_, power) => 2 ** power);
}

/** Distances between ticks in ms that are round in seconds. */
export function timeIncrements(): number[] {
  return decimalSeries(-3, 7).map((step) => step * MS_PER_SECOND);
}

/** Tick texts with as many decimals as the distance between ticks needs. */
export function tickTexts(ticks: number[], increment: number, one: number): string[] {
  const decimals = Math.max(0, Math.ceil(-Math.log10(increment / one) - 1e-9));
  return ticks.map((tick) => (tick / one).toLocaleString('en-US', fixed(decimals)));
}

export function secondTexts(ticks: number[], increment: number): string[] {
  return tickTexts(ticks, increment, MS_PER_SECOND).map((text) => `${text} s`);
}

function fixed(decimals: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

function decimalSeries(from: number, to: number): number[] {
  const powers = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return powers.flatMap((power) => [power, 2 * power, 5 * power]);
}
