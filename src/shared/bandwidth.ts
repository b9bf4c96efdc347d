import type { ExactInteger } from './json.ts';

const uint64Max = 2n ** 64n - 1n;
const longestText = 64;

const decimalPowers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** What the number is for: it decides which small values make sense. */
export type BandwidthPurpose = 'declared' | 'max-bandwidth';

/**
 * Reads a bandwidth as people write it and returns bytes per second, exact to 2^64−1.
 *
 * A number alone is bytes per second, as in QMP. `b` is a bit and `B` a byte, as the field writes them; `Mi` is 2^20 and
 * `M` 10^6, in either case of the letter; "/s" or "ps" may be left out behind a unit. A fraction is computed exactly and a
 * remaining fraction of a byte is dropped (QEMU itself drops anything below 1000 bytes per second). Exponents
 * are refused, as QEMU refuses them.
 *
 * @throws SyntaxError when the text is not a bandwidth
 * @throws RangeError when it is one that cannot be used; 0 too, which means "not declared"
 */
export function parseBandwidth(text: string, purpose: BandwidthPurpose = 'declared'): ExactInteger {
  const trimmed = text.trim();
  const { whole, fraction, unit } = splitNumber(trimmed);
  const { numerator, denominator } = bytesPerUnit(trimmed, whole, unit);
  const scale = 10n ** BigInt(fraction.length);
  const bytes = (BigInt(whole + fraction) * numerator) / (scale * denominator);
  if (unit === '' && fraction !== '') {
    throw new SyntaxError(
      `"${trimmed}" is a fraction of a byte: without a unit the number is whole bytes per second; add a unit such as MiB/s`,
    );
  }
  checkRange(trimmed, bytes, /^0*$/.test(whole + fraction), purpose);
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : bytes;
}

function splitNumber(text: string): { whole: string; fraction: string; unit: string } {
  if (text === '') throw new SyntaxError('empty: write a bandwidth such as 100MiB/s or 1Gbit/s');
  if (text.length > longestText) {
    throw new SyntaxError('too long for a bandwidth: write one such as 100MiB/s or 1Gbit/s');
  }
  if (/^[-−]/.test(text))
    throw new RangeError(`"${text}" is negative: a bandwidth is at least 1000 bytes per second`);
  if (/^\+/.test(text)) throw new SyntaxError(`"${text}": leave out the sign`);
  if (/^\d+(\.\d+)?e[-+]?\d+/i.test(text)) {
    throw new SyntaxError(
      `"${text}": exponents are not accepted, by QEMU neither; write the digits or a unit, e.g. 1GB/s`,
    );
  }
  if (/^\d+,\d/.test(text)) {
    throw new SyntaxError(
      `"${text}": write a decimal point instead of the comma, and no thousands separators`,
    );
  }
  const match = /^(\d+)(?:\.(\d+))?\s*(.*)$/.exec(text);
  if (!match) {
    throw new SyntaxError(
      `"${text}" does not start with a number: write a bandwidth such as 100MiB/s or 1Gbit/s`,
    );
  }
  const [, whole = '', fraction = '', unit = ''] = match;
  return { whole, fraction, unit };
}

function bytesPerUnit(text: string, whole: string, unit: string): { numerator: bigint; denominator: bigint } {
  if (unit === '') return { numerator: 1n, denominator: 1n };
  const bare = /^([kmgtp]i?)(?:\/s|ps)?$/i.exec(unit)?.[1];
  if (bare !== undefined) {
    const prefix = bare.charAt(0).toUpperCase() + bare.slice(1).toLowerCase();
    throw new SyntaxError(
      `"${text}" leaves open whether bits or bytes are meant: write ${whole}${prefix}bit/s or ${whole}${prefix}B/s`,
    );
  }
  const match = /^([kmgtp]?)(i?)(b|bits?|B|bytes?)(?:\/s|\/sec|ps)?$/.exec(normalizeUnit(unit));
  if (!match || (match[1] === '' && match[2] !== '')) {
    throw new SyntaxError(
      `"${unit}" is not a unit of bandwidth: use B/s, kB/s, MB/s, MiB/s, GiB/s, Mbit/s or Gbit/s`,
    );
  }
  const [, prefix = '', binary = '', item = ''] = match;
  const base = binary === '' ? 1000n : 1024n;
  const bits = item === 'b' || item.startsWith('bit');
  return { numerator: base ** BigInt(decimalPowers[prefix] ?? 0), denominator: bits ? 8n : 1n };
}

/** Lower case but for the one letter whose case has a meaning: a lone b or B. */
function normalizeUnit(unit: string): string {
  const lower = unit.toLowerCase();
  if (/bit|byte/.test(lower)) return lower;
  const at = unit.indexOf('B');
  return at < 0 ? lower : `${lower.slice(0, at)}B${lower.slice(at + 1)}`;
}

function checkRange(text: string, bytes: bigint, isZero: boolean, purpose: BandwidthPurpose): void {
  if (isZero) {
    throw new RangeError(
      purpose === 'declared'
        ? '0 means "not declared": QEMU would go by its own estimate'
        : '0 means "no limit": leave the value out instead',
    );
  }
  if (bytes > uint64Max) {
    throw new RangeError(
      `"${text}" is more than QEMU can hold: at most ${uint64Max} bytes per second (2^64−1)`,
    );
  }
  if (bytes < 1n) throw new RangeError(`"${text}" is less than one byte per second`);
  if (purpose === 'declared' && bytes < 1000n) {
    throw new RangeError(
      `"${text}" is ${bytes} bytes per second: QEMU divides by 1000 and drops the rest, so below 1000 its threshold is 0 and says nothing about the downtime any more`,
    );
  }
}
