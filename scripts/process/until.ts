import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errors.ts';

const POLL_MS = 50;

/**
 * Waits until `probe` returns something truthy, and returns that. A probe that throws is tried again.
 * @throws when `deadlineMs` have passed, naming `what` and what the probe said last.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  deadlineMs = 15_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  let last = 'nothing yet';
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      last = JSON.stringify(value) ?? 'undefined';
    } catch (error) {
      last = messageOf(error);
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${deadlineMs / 1000} s in vain for ${what}. Last seen: ${last}`);
    }
    await delay(POLL_MS);
  }
}
