import assert from 'node:assert/strict';
import { afterEach } from 'node:test';

/** From here on every test of the file fails when a rejection or an exception reached nobody while it ran. */
export function failOnUnhandledRejection(): void {
  const seen: unknown[] = [];
  process.on('unhandledRejection', (reason) => seen.push(reason));
  process.on('uncaughtExceptionMonitor', (error) => seen.push(error));
  afterEach(async () => {
    // Node reports a rejection once the microtasks have run dry.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen.splice(0).map(String), [], 'an error reached nobody');
  });
}
