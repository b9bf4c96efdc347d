import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitorClosedError, ProtocolError } from '../../../src/qmp/errors.ts';
import type { MonitorState } from '../../../src/qmp/monitor.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { openSession } from '../../support/qmp/openSession.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

test('an orderly close: disconnecting, idle, without an error; the peer sees the end', async (t) => {
  const { monitor, peer, states } = await openSession(t);
  assert.equal(monitor.state, 'running');
  const closing = monitor.close();
  assert.equal(monitor.state, 'disconnecting');
  await closing;
  assert.equal(monitor.state, 'idle');
  assert.deepEqual(states, ['disconnecting', 'idle']);
  await withDeadline(peer.closed, 'the peer to see the end');
});

test('close rejects what is pending, sent or not, and what comes later', async (t) => {
  const { monitor, peer } = await openSession(t);
  const calls = Array.from({ length: 9 }, (_, i) =>
    monitor.execute(`c${i}`).catch((error: unknown) => error),
  );
  await peer.nextCommand();
  await monitor.close();
  const errors = (await Promise.all(calls)) as Error[];
  for (const error of errors) assert.ok(error instanceof MonitorClosedError);
  assert.match(errors[0]?.message ?? '', /c0: .*whether it ran is not known/);
  assert.match(errors[8]?.message ?? '', /c8: .*it was not sent/);
  await assert.rejects(monitor.execute('x'), /x: not connected to unix:/);
});

test('close may be called twice, at once and afterwards', async (t) => {
  const { monitor, states } = await openSession(t);
  await Promise.all([monitor.close(), monitor.close()]);
  await monitor.close();
  assert.deepEqual(states, ['disconnecting', 'idle']);
});

test('close from an event listener: nothing fires any more, not even what came in the same packet', async (t) => {
  const { monitor, peer, states } = await openSession(t);
  const heard: string[] = [];
  const closed = new Promise<void>((resolve) => {
    monitor.onEvent(({ name }) => {
      heard.push(name);
      void monitor.close().then(resolve);
    });
  });
  const call = monitor.execute('x').catch((error: unknown) => error);
  const { id } = await peer.nextCommand();
  peer.write(`{"event": "STOP"}{"event": "RESUME"}{"return": {}, "id": ${id}}`);
  await withDeadline(closed, 'close');
  assert.deepEqual(heard, ['STOP']);
  assert.ok((await call) instanceof MonitorClosedError);
  assert.deepEqual(states, ['disconnecting', 'idle']);
});

test('close and execute from listeners of the state', async (t) => {
  const { monitor, states } = await openSession(t);
  const refused: Promise<unknown>[] = [];
  monitor.onStateChange(() => {
    refused.push(assert.rejects(monitor.execute('x'), MonitorClosedError), monitor.close());
  });
  await withDeadline(monitor.close(), 'close');
  await Promise.all(refused);
  assert.deepEqual(states, ['disconnecting', 'idle']);
});

test('a listener of the state that throws keeps nothing from being cleaned up', async (t) => {
  const { monitor, logger } = await openSession(t);
  const later: MonitorState[] = [];
  monitor.onStateChange(() => {
    throw new Error('listener is broken');
  });
  monitor.onStateChange(({ state }) => later.push(state));
  const call = assert.rejects(monitor.execute('x'), MonitorClosedError);
  await withDeadline(monitor.close(), 'close');
  await withDeadline(call, 'the call');
  assert.deepEqual(later, ['disconnecting', 'idle']);
  assert.ok(logger.lines.some((line) => line.includes('listener is broken')));
});

test('a peer that closes ends the session with the reason', async (t) => {
  const { monitor, peer } = await openSession(t);
  const ends: [MonitorState, string | undefined][] = [];
  const idle = new Promise<void>((resolve) => {
    monitor.onStateChange(({ state, error }) => {
      ends.push([state, error?.message]);
      if (state === 'idle') resolve();
    });
  });
  const call = monitor.execute('x');
  await peer.nextCommand();
  const rejected = assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof MonitorClosedError);
    assert.match(error.message, /x: .*whether it ran is not known/);
    assert.ok(error.cause instanceof Error);
    return true;
  });
  peer.socket.end();
  await withDeadline(idle, 'idle');
  await rejected;
  assert.deepEqual(
    ends.map(([state]) => state),
    ['disconnecting', 'idle'],
  );
  for (const [, message] of ends) assert.match(message ?? '', /unix:.* closed the connection/);
});

test('a peer that closes in the middle of a message says so', async (t) => {
  const { monitor, peer } = await openSession(t);
  const call = assert.rejects(monitor.execute('x'), (error: Error) =>
    /middle of a message/.test((error.cause as Error).message),
  );
  await peer.nextCommand();
  peer.socket.end('{"return": {"a": ');
  await withDeadline(call, 'the call');
});

test('a peer that closes its half and reads nothing more can not hold the session', async (t) => {
  const { monitor, peer } = await openSession(t);
  const idle = new Promise<void>((resolve) => {
    monitor.onStateChange(({ state }) => state === 'idle' && resolve());
  });
  peer.socket.pause();
  const stuck = monitor.execute('x', { big: 'x'.repeat(20_000_000) }).catch((error: unknown) => error);
  peer.socket.end();
  await withDeadline(idle, 'idle', 5000);
  assert.ok((await stuck) instanceof MonitorClosedError);
});

test('close gives up on a peer that does not react', async (t) => {
  const { monitor, peer } = await openSession(t);
  peer.socket.pause();
  const call = monitor.execute('x', { big: 'x'.repeat(20_000_000) }).catch((error: unknown) => error);
  await withDeadline(monitor.close(), 'close', 5000);
  assert.ok((await call) instanceof MonitorClosedError);
  assert.equal(monitor.state, 'idle');
});

test('what is not QMP ends a running session with the reason', async (t) => {
  const { monitor, peer, states } = await openSession(t);
  const first = monitor.execute('first');
  const second = monitor.execute('second').catch((error: unknown) => error);
  const { id } = await peer.nextCommand();
  peer.write(`{"return": 1, "id": ${id}} oops`);
  assert.equal(await first, 1);
  const error = (await withDeadline(second, 'the rejection')) as Error;
  assert.ok(error instanceof MonitorClosedError);
  assert.ok(error.cause instanceof ProtocolError);
  assert.match(error.cause.message, /oops/);
  await monitor.close();
  assert.deepEqual(states, ['disconnecting!', 'idle!']);
});

test('a second greeting is not QMP', async (t) => {
  const { monitor, peer } = await openSession(t);
  const call = assert.rejects(monitor.execute('x'), (error: Error) => error.cause instanceof ProtocolError);
  const { id } = await peer.nextCommand();
  peer.write(
    '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 0, "major": 1}, "package": ""}, "capabilities": []}}',
  );
  peer.reply(id);
  await withDeadline(call, 'the call');
  assert.equal(monitor.version?.major, 10);
});
