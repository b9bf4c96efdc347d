import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventClock } from '../../../src/migration/eventClock.ts';
import type { QmpEvent } from '../../../src/qmp/monitor.ts';

function event(timestampMs: number, receivedAt: number): QmpEvent {
  return { name: 'MIGRATION_PASS', data: {}, timestampUs: timestampMs * 1000, receivedAt };
}

test("a host's clock that is off is put on ours by the event that was fastest", () => {
  const clock = new EventClock();
  assert.equal(clock.timeOf(event(1_000_000, 5_000)), 5_000);
  assert.equal(clock.timeOf(event(1_000_100, 5_400)), 5_100);
});

test('an event without a timestamp happened when it came, and says nothing about the clocks', () => {
  const clock = new EventClock();
  assert.equal(clock.timeOf(event(0, 5_000)), 5_000);
  assert.equal(clock.timeOf(event(0, 6_000)), 6_000);
  assert.equal(clock.timeOf(event(1_000_000, 7_000)), 7_000);
});
