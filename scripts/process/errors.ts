/** A failure whose message alone is meant for the person at the terminal: no stack is printed. */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
