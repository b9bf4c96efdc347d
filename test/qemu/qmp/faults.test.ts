import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { MonitorClosedError, MonitorConnectError } from '../../../src/qmp/errors.ts';
import type { SocketMonitor } from '../../../src/qmp/socketMonitor.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { type RealQemu, startQemu } from '../../support/qmp/realQemu.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

/** Keeps QEMU busy until it is killed. */
const ENDLESS = ['pmemsave', { val: 0, size: 1e15, filename: '/dev/null' }] as const;

async function start(t: TestContext, transport: 'unix' | 'tcp' = 'unix'): Promise<RealQemu> {
  const qemu = await startQemu({ transport, args: ['-M', 'pc', '-m', '64', '-S'] });
  t.after(() => qemu.kill());
  return qemu;
}

async function session(t: TestContext, qemu: RealQemu): Promise<SocketMonitor> {
  const monitor = await connectMonitor(qemu.address);
  t.after(() => monitor.close());
  return monitor;
}

/** The states from now on, and a promise of the last one. */
function statesOf(monitor: SocketMonitor): { states: string[]; idle: Promise<void> } {
  const states: string[] = [];
  const idle = new Promise<void>((resolve) => {
    monitor.onStateChange(({ state, error }) => {
      states.push(error ? `${state}: ${error.message}` : state);
      if (state === 'idle') resolve();
    });
  });
  return { states, idle };
}

async function saysItIsHeld(connecting: Promise<unknown>, words: RegExp): Promise<void> {
  const started = performance.now();
  await assert.rejects(connecting, (error) => {
    assert.ok(error instanceof MonitorConnectError);
    assert.equal(error.reason, 'no-greeting');
    assert.match(error.message, words);
    return true;
  });
  const elapsedMs = performance.now() - started;
  assert.ok(elapsedMs < 3000, `took ${elapsedMs} ms`);
}

const HELD = /connected, but no greeting: a monitor serves one client at a time/;

/** Fills the queue of clients that QEMU has not accepted yet. */
async function fillQueue(t: TestContext, place: NetConnectOpts): Promise<void> {
  const waiting: Socket[] = Array.from({ length: 4 }, () => connect(place));
  t.after(() => {
    for (const socket of waiting) socket.destroy();
  });
  for (const socket of waiting) socket.on('error', () => {});
  await Promise.race(waiting.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
}

for (const transport of ['unix', 'tcp'] as const) {
  test(`a second client of a held monitor is told so within 3 s, the first goes on (${transport})`, async (t) => {
    const qemu = await start(t, transport);
    const first = await session(t, qemu);
    const { states } = statesOf(first);
    await saysItIsHeld(connectMonitor(qemu.address), HELD);
    assert.ok(await first.execute('query-status'));
    assert.deepEqual(states, []);
    await first.close();
    const next = await session(t, qemu);
    assert.ok(await next.execute('query-status'));
  });
}

test('a client that finds even the queue full is told so within 3 s', async (t) => {
  const busy = /a monitor serves one client at a time/;
  const unix = await start(t);
  const first = await session(t, unix);
  await fillQueue(t, { path: unix.address.slice('unix:'.length) });
  await saysItIsHeld(connectMonitor(unix.address), busy);
  assert.ok(await first.execute('query-status'));

  const tcp = await start(t, 'tcp');
  const other = await session(t, tcp);
  await fillQueue(t, { host: '127.0.0.1', port: Number(tcp.address.split(':').at(-1)) });
  await saysItIsHeld(connectMonitor(tcp.address), busy);
  assert.ok(await other.execute('query-status'));
});

/** Every thread stands still: a signal takes its time to reach the last one. */
async function isStopped(qemu: RealQemu): Promise<void> {
  const tasks = `/proc/${qemu.process.pid}/task`;
  const state = (task: string): string | undefined =>
    /\) (\w)/.exec(readFileSync(join(tasks, task, 'stat'), 'utf8'))?.[1];
  const wait = async (): Promise<void> => {
    while (readdirSync(tasks).some((task) => state(task) !== 'T')) await setImmediate();
  };
  await withDeadline(wait(), 'QEMU to stand still');
}

test('a QEMU that is stopped does not greet; afterwards it does', async (t) => {
  const qemu = await start(t);
  qemu.process.kill('SIGSTOP');
  await isStopped(qemu);
  await saysItIsHeld(connectMonitor(qemu.address, { greetingTimeoutMs: 200 }), HELD);
  qemu.process.kill('SIGCONT');
  const monitor = await session(t, qemu);
  assert.ok(await monitor.execute('query-status'));
});

test('QEMU killed in the middle of a command', async (t) => {
  const qemu = await start(t);
  const monitor = await session(t, qemu);
  const { states, idle } = statesOf(monitor);
  const calls = [
    monitor.execute(...ENDLESS),
    ...Array.from({ length: 10 }, () => monitor.execute('query-status')),
  ];
  const outcomes = Promise.allSettled(calls);
  // The answer to this one proves that QEMU has begun to work on what came before it.
  await monitor.execute('query-yank', undefined, { outOfBand: true });
  const started = performance.now();
  await qemu.kill();
  await withDeadline(idle, 'idle', 2000);
  assert.ok(performance.now() - started < 2000);
  for (const outcome of await outcomes) {
    assert.equal(outcome.status, 'rejected');
    assert.ok(outcome.reason instanceof MonitorClosedError);
    assert.match(outcome.reason.message, /the connection to unix:.* ended/);
  }
  assert.equal(states.length, 2);
  assert.match(states[0] ?? '', /^disconnecting: unix:/);
  assert.match(states[1] ?? '', /^idle: unix:/);
  await assert.rejects(connectMonitor(qemu.address), { name: 'MonitorConnectError' });
});

test('quit: its reply and SHUTDOWN arrive, then the session ends with the reason', async (t) => {
  const qemu = await start(t);
  const monitor = await session(t, qemu);
  const { states, idle } = statesOf(monitor);
  const events: string[] = [];
  monitor.onEvent(({ name }) => events.push(name));
  assert.deepEqual(await monitor.execute('quit'), {});
  await withDeadline(idle, 'idle');
  assert.ok(events.includes('SHUTDOWN'), events.join());
  assert.deepEqual(
    states.map((state) => state.replace(/unix:\S*/, 'it')),
    ['disconnecting: it closed the connection', 'idle: it closed the connection'],
  );
  await withDeadline(qemu.exited, 'QEMU to exit');
});

test('after an orderly close QEMU takes the next client at once, twenty times', async (t) => {
  const qemu = await start(t);
  for (let i = 0; i < 20; i++) {
    const monitor = await connectMonitor(qemu.address, { greetingTimeoutMs: 1000 });
    const { states } = statesOf(monitor);
    await monitor.execute('query-status');
    if (i % 2 === 0) monitor.execute('query-status').catch(() => {});
    await monitor.close();
    assert.deepEqual(states, ['disconnecting', 'idle']);
  }
});

test('what QEMU still answers to a client that has gone is not taken for ours', async (t) => {
  const qemu = await start(t);
  for (let i = 0; i < 10; i++) {
    const former = await connectMonitor(qemu.address);
    for (let n = 0; n < 12; n++) former.execute('query-qmp-schema').catch(() => {});
    // The answer proves that the commands before it were received.
    await former.execute('query-yank', undefined, { outOfBand: true });
    await former.close();
    const next = await connectMonitor(qemu.address);
    const statuses = await Promise.all(Array.from({ length: 12 }, () => next.execute('query-status')));
    for (const status of statuses)
      assert.ok('running' in (status as object), JSON.stringify(status).slice(0, 80));
    await next.close();
  }
});

test('nor the answer to a slow command that a client left behind', async (t) => {
  const qemu = await start(t);
  const former = await session(t, qemu);
  const slow = assert.rejects(
    former.execute('pmemsave', { val: 0, size: 2e8, filename: '/dev/null' }),
    MonitorClosedError,
  );
  await former.execute('query-yank', undefined, { outOfBand: true });
  await former.close();
  await slow;
  const next = await connectMonitor(qemu.address, { greetingTimeoutMs: 60_000 });
  t.after(() => next.close());
  assert.ok('running' in ((await next.execute('query-status')) as object));
});

test('close does not wait for a busy QEMU longer than a moment', async (t) => {
  const qemu = await start(t);
  const monitor = await session(t, qemu);
  const endless = assert.rejects(monitor.execute(...ENDLESS), MonitorClosedError);
  await monitor.execute('query-yank', undefined, { outOfBand: true });
  await withDeadline(monitor.close(), 'close', 3000);
  await endless;
});
