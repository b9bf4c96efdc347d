import { stringifyExact } from '../qmp/exactJson.ts';

/** All but printable ASCII, and the quote of virsh: each only ever occurs inside a string of JSON. */
const NEEDS_ESCAPE = /[^\x20-\x7e]|'/g;

/**
 * `value` as one word of virsh's command language. Nothing is special between its single quotes, and the line editor
 * through which virsh reads its commands takes printable ASCII as it is.
 */
export function quoteJson(value: unknown): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `'${stringifyExact(value).replace(NEEDS_ESCAPE, escaped)}'`;
}
