import { parse, stringify } from 'lossless-json';
import type { JsonValue } from '../shared/json.ts';

/**
 * An integer of 16 digits or more, the only kind that `JSON.parse` can corrupt. Digits after a point do not
 * count, so that the 17-digit doubles which QEMU prints (`mbps`) keep to the fast path.
 */
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
  if (!hasLongInteger(text)) return JSON.parse(text) as JsonValue;
  const onDuplicateKey = ({ newValue }: { newValue: unknown }): unknown => newValue;
  return parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey }) as JsonValue;
}

/** The shortest JSON text of `value`; a `bigint` becomes its digits. */
export function stringifyExact(value: unknown, indent?: number): string {
  const text = stringify(value, undefined, indent);
  if (text === undefined) throw new TypeError(`no JSON text for a value of type ${typeof value}`);
  return text;
}

/** Addresses in long texts ("info mtree") are no integers: what stands in strings must not lead to the slow path. */
function hasLongInteger(text: string): boolean {
  if (!LONG_INTEGER.test(text)) return false;
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
