import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandTimeoutError, QmpCommandError, QmpError } from '../../../src/qmp/errors.ts';
import { PendingCalls } from '../../../src/qmp/pendingCalls.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';

failOnUnhandledRejection();

interface Sent {
  execute?: string;
  'exec-oob'?: string;
  id: number;
}

function setUp() {
  const sent: Sent[] = [];
  const clock = new ManualClock();
  const calls = new PendingCalls((line) => sent.push(JSON.parse(line) as Sent), clock);
  const names = (): string[] => sent.map((message) => message.execute ?? message['exec-oob'] ?? '?');
  return { sent, clock, calls, names };
}

/** Starts `count` commands c1, c2, …; their outcomes are of no interest. */
function occupy(calls: PendingCalls, count: number): void {
  for (let i = 1; i <= count; i++) calls.execute(`c${i}`, undefined, {}).catch(() => {});
}

test('eight commands are in flight, the others follow in order as replies come', async () => {
  const { calls, sent, names } = setUp();
  occupy(calls, 11);
  assert.deepEqual(names(), ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8']);
  calls.resolve(sent[4]?.id, {});
  calls.resolve(sent[0]?.id, {});
  assert.deepEqual(names().slice(8), ['c9', 'c10']);
});

test('an out-of-band command does not wait for the others', () => {
  const { calls, names } = setUp();
  occupy(calls, 10);
  calls.execute('now', undefined, { outOfBand: true }).catch(() => {});
  assert.deepEqual(names().slice(8), ['now']);
});

test('a command aborted in the queue is never sent', async () => {
  const { calls, sent, names } = setUp();
  occupy(calls, 8);
  const abort = new AbortController();
  const queued = calls.execute('queued', undefined, { signal: abort.signal });
  abort.abort(new Error('changed my mind'));
  await assert.rejects(queued, /changed my mind/);
  for (const { id } of [...sent]) calls.resolve(id, {});
  assert.ok(!names().includes('queued'));
});

test('a command that is aborted before the call is never sent', () => {
  const { calls, sent } = setUp();
  assert.throws(() => calls.execute('x', undefined, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(sent.length, 0);
});

test('a command aborted in flight keeps its place until QEMU answers; the late reply is taken as known', async () => {
  const { calls, sent, names } = setUp();
  const abort = new AbortController();
  const aborted = calls.execute('slow', undefined, { signal: abort.signal });
  occupy(calls, 8);
  abort.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(names().length, 8);
  assert.equal(calls.resolve(sent[0]?.id, {}), true);
  assert.equal(names().at(-1), 'c8');
  assert.equal(calls.resolve(sent[0]?.id, {}), false, 'a second reply of the same id');
});

test('a timeout rejects once, tells whether the command was sent, and leaves no timer', async () => {
  const { calls, clock, sent } = setUp();
  const late = calls.execute('late', undefined, { timeoutMs: 100 });
  occupy(calls, 7);
  const queued = calls.execute('queued', undefined, { timeoutMs: 200 });
  const rejections = Promise.all([
    assert.rejects(late, (error: unknown) => {
      assert.ok(error instanceof CommandTimeoutError);
      assert.deepEqual([error.command, error.timeoutMs], ['late', 100]);
      assert.match(error.message, /late: no reply within 100 ms; QEMU may still run it/);
      return true;
    }),
    assert.rejects(queued, /queued: .*200 ms.*was not sent/),
  ]);
  clock.advance(100);
  clock.advance(100);
  await rejections;
  assert.equal(calls.resolve(sent[0]?.id, {}), true);
  assert.equal(clock.pending, 0);
});

test('a reply takes timer and abort listener along', async () => {
  const { calls, clock, sent } = setUp();
  const abort = new AbortController();
  const call = calls.execute('x', undefined, { timeoutMs: 100, signal: abort.signal });
  calls.resolve(sent[0]?.id, 7);
  assert.equal(await call, 7);
  assert.equal(clock.pending, 0);
  abort.abort();
});

test('ids are short, never used twice at a time, and the first can not be guessed', async () => {
  const { calls, sent } = setUp();
  const other = setUp();
  occupy(calls, 1);
  occupy(other.calls, 1);
  assert.notEqual(sent[0]?.id, other.sent[0]?.id);
  for (let i = 0; i < 30; i++) calls.execute('oob', undefined, { outOfBand: true }).catch(() => {});
  assert.equal(new Set(sent.map(({ id }) => id)).size, 31);
  for (const { id } of [...sent]) calls.resolve(id, {});
  for (let i = 0; i < 1000; i++) {
    occupy(calls, 1);
    const id = sent.at(-1)?.id ?? -1;
    assert.ok(id >= 0 && id < 10, `id ${id}`);
    calls.resolve(id, {});
  }
});

test('an error without an id belongs to the oldest command in flight', async () => {
  const { calls } = setUp();
  const bad = calls.execute('bad', undefined, {});
  occupy(calls, 1);
  const known = calls.reject(undefined, (c) => new QmpCommandError(c, 'GenericError', 'JSON parse error'));
  assert.equal(known, true);
  await assert.rejects(bad, { name: 'QmpCommandError', command: 'bad' });
});

test('a reply with an id that was never ours is not known', () => {
  const { calls } = setUp();
  occupy(calls, 1);
  for (const id of [99, -1, 'x', null, { a: 1 }, 18446744073709551615n, undefined]) {
    assert.equal(calls.resolve(id, {}), false, String(id));
  }
});

test('rejectAll tells what was sent from what was not, and takes timers along', async () => {
  const { calls, clock } = setUp();
  const outcomes = Array.from({ length: 9 }, (_, i) =>
    calls.execute(`c${i}`, undefined, { timeoutMs: 10 }).catch((error: Error) => error.message),
  );
  calls.rejectAll((command, sent) => new Error(`${command} ${sent}`));
  const messages = await Promise.all(outcomes);
  assert.equal(messages[0], 'c0 true');
  assert.equal(messages[8], 'c8 false');
  assert.equal(clock.pending, 0);
});

test('the queue has an end', () => {
  const { calls } = setUp();
  occupy(calls, 1032);
  assert.throws(
    () => calls.execute('one-more', undefined, {}),
    (error: unknown) => {
      assert.ok(error instanceof QmpError);
      assert.match(error.message, /one-more: .*1024 commands/);
      return true;
    },
  );
});

test('arguments without a JSON text throw and leave nothing behind', () => {
  const { calls, sent, clock } = setUp();
  const circular: Record<string, never> = {};
  Object.assign(circular, { circular });
  assert.throws(() => calls.execute('x', circular, { timeoutMs: 10 }));
  assert.equal(sent.length, 0);
  assert.equal(clock.pending, 0);
});
