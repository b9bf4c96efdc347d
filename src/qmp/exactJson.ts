import { parse, stringify } from 'lossless-json';
import type { JsonValue } from '../shared/json.ts';

/**
 * An integer of 16 digits or more, the only kind that `JSON.parse` can corrupt. Digits after a point do not
 * count, so that the 17-digit doubles which QEMU prints (`mbps`) keep to the fast path.
 */
const LONG_INTEGER = /(?<![\d.])\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON with every integer exact: a `number` up to 2^53−1 in size, a `bigint` beyond.
 * @throws SyntaxError when `text` is not one JSON text
 */
export function parseExact(text: string): JsonValue {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text) as JsonValue;
  return parse(text, undefined, exactNumber) as JsonValue;
}

/** The shortest JSON text of `value`; a `bigint` becomes its digits. */
export function stringifyExact(value: unknown, indent?: number): string {
  const text = stringify(value, undefined, indent);
  if (text === undefined) throw new TypeError(`no JSON text for a value of type ${typeof value}`);
  return text;
}

function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return INTEGER.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
