import { parse, stringify } from 'lossless-json';
import type { JsonValue } from '../shared/json.ts';

/** Digits of the shortest integer that `JSON.parse` can corrupt. */
const LONG = 16;
/** Digits after a point do not count, so that the 17-digit doubles which QEMU prints (`mbps`) keep to the fast path. */
const LONG_INTEGER = /(?<![\d.])\d{16}/;
const INTEGER = /^-?\d+$/;
/** The largest integer of QMP has 20 digits. To compute one of millions of digits takes seconds. */
const MAX_DIGITS = 1000;

/**
 * Parses JSON with every integer exact: a `number` up to 2^53−1 in size, a `bigint` beyond. Of equal keys the last
 * counts.
 * @throws SyntaxError when `text` is not one JSON text, or holds an integer of more than 1000 digits
 */
export function parseExact(text: string): JsonValue {
  if (!mayHoldLongInteger(text) || !holdsLongInteger(text)) return JSON.parse(text) as JsonValue;
  const onDuplicateKey = ({ newValue }: { newValue: unknown }): unknown => newValue;
  return parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey }) as JsonValue;
}

/** The shortest JSON text of `value`; a `bigint` becomes its digits. */
export function stringifyExact(value: unknown, indent?: number): string {
  const text = stringify(value, undefined, indent);
  if (text === undefined) throw new TypeError(`no JSON text for a value of type ${typeof value}`);
  return text;
}

/** A run of so many digits has one at some multiple of its length: only there one needs to look, which is quick. */
function mayHoldLongInteger(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start--;
    while (isDigit(text, at + 1)) at++;
    if (at - start >= LONG - 1 && text[start - 1] !== '.') return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Addresses in long texts ("info mtree") are no integers: what stands in strings must not lead to the slow path. */
function holdsLongInteger(text: string): boolean {
  let from = 0;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (LONG_INTEGER.test(text.slice(from, quote < 0 ? undefined : quote))) return true;
    if (quote < 0) return false;
    from = endOfString(text, quote + 1);
  }
}

/** The place after the closing quote of the string whose text begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = quote;
    while (slashes > from && text[slashes - 1] === '\\') slashes--;
    if ((quote - slashes) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function exactNumber(text: string): number | bigint {
  const value = Number(text);
  if (Number.isSafeInteger(value) || !INTEGER.test(text)) return value;
  if (text.length > MAX_DIGITS) throw new SyntaxError(`an integer of ${text.length} digits`);
  return BigInt(text);
}
