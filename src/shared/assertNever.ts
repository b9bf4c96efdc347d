/** The end of a `switch` that names every case. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${String(value)}`);
}
