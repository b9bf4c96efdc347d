/** An integer that is exact to 2^64−1: a `number` while it is safe, a `bigint` beyond 2^53−1. */
export type ExactInteger = number | bigint;

/** What a QMP message is made of, once parsed exactly. */
export type JsonValue = null | boolean | ExactInteger | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
