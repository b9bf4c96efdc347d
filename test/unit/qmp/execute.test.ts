import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandTimeoutError, QmpCommandError } from '../../../src/qmp/errors.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { openSession } from '../../support/qmp/openSession.ts';
import { GREETING } from '../../support/qmp/scriptedPeer.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

test('replies find their commands by id, in whatever order they come', async (t) => {
  const { monitor, peer } = await openSession(t);
  const names = Array.from({ length: 40 }, (_, i) => `command-${i}`);
  const calls = names.map((name) => monitor.execute(name));
  // Of the eight that are under way the newest is answered first, each time.
  const open = [];
  for (let answered = 0; answered < names.length; answered++) {
    while (open.length < 8 && answered + open.length < names.length) open.push(await peer.nextCommand());
    const command = open.pop();
    peer.reply(command?.id, command?.execute);
  }
  assert.deepEqual(await Promise.all(calls), names);
});

test('arguments cross the wire exactly', async (t) => {
  const { monitor, peer } = await openSession(t);
  const raw: Buffer[] = [];
  peer.socket.prependListener('data', (chunk) => raw.push(chunk));
  const call = monitor.execute('migrate-set-parameters', {
    'avail-switchover-bandwidth': 2n ** 64n - 1n,
    'tls-hostname': 'ü "x"\n',
  });
  const command = await peer.nextCommand();
  assert.match(Buffer.concat(raw).toString(), /"avail-switchover-bandwidth":18446744073709551615/);
  assert.match(Buffer.concat(raw).toString(), /ü \\"x\\"\\n/);
  peer.write(`{"return": {"v": 18446744073709551615}, "id": ${command.id}}\r\n`);
  assert.deepEqual(await call, { v: 2n ** 64n - 1n });
});

test("an error carries QEMU's class and words, and the command", async (t) => {
  const { monitor, peer } = await openSession(t);
  for (const errorClass of [
    'GenericError',
    'CommandNotFound',
    'DeviceNotActive',
    'DeviceNotFound',
    'KVMMissingCap',
    'NewClass',
  ]) {
    const call = monitor.execute('x');
    const { id } = await peer.nextCommand();
    peer.write(JSON.stringify({ id, error: { class: errorClass, desc: `says ${errorClass}` } }));
    await assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof QmpCommandError);
      assert.deepEqual(
        [error.errorClass, error.message, error.command],
        [errorClass, `says ${errorClass}`, 'x'],
      );
      return true;
    });
  }
});

test('a reply with an unknown id is logged and dropped; the session goes on', async (t) => {
  const { monitor, peer, logger } = await openSession(t);
  const call = monitor.execute('x');
  const { id } = await peer.nextCommand();
  peer.write('{"return": {}, "id": 4711}{"return": {}, "id": "x"}{"return": {}}');
  peer.write('{"id": 4712, "error": {"class": "GenericError", "desc": "whose?"}}');
  peer.reply(id, 1);
  assert.equal(await call, 1);
  const warnings = logger.lines.filter((line) => line.startsWith('warn'));
  assert.equal(warnings.length, 4);
  assert.match(warnings[0] ?? '', /4711/);
  assert.match(warnings[3] ?? '', /4712.*whose\?/);
});

test('the reply to a command that timed out does not disturb the next ones', async (t) => {
  const { monitor, peer, logger } = await openSession(t);
  const slow = monitor.execute('slow', undefined, { timeoutMs: 20 });
  const { id } = await peer.nextCommand();
  await assert.rejects(slow, CommandTimeoutError);
  const next = monitor.execute('next');
  peer.reply(id, 'late');
  peer.reply((await peer.nextCommand()).id, 'in time');
  assert.equal(await next, 'in time');
  assert.deepEqual(
    logger.lines.filter((line) => line.startsWith('warn')),
    [],
  );
});

test('an abort in flight rejects with its reason; the session goes on', async (t) => {
  const { monitor, peer } = await openSession(t);
  const abort = new AbortController();
  const call = monitor.execute('slow', undefined, { signal: abort.signal });
  const { id } = await peer.nextCommand();
  const reason = new Error('not interested any more');
  abort.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  peer.reply(id);
  const next = monitor.execute('next');
  peer.reply((await peer.nextCommand()).id, 'fine');
  assert.equal(await next, 'fine');
});

test('events come with microseconds and the time of arrival, between a command and its reply too', async (t) => {
  const { monitor, peer } = await openSession(t);
  const events: unknown[] = [];
  const before = performance.timeOrigin + performance.now();
  monitor.onEvent((event) => events.push(event));
  const call = monitor.execute('x');
  const { id } = await peer.nextCommand();
  peer.write(
    '{"timestamp": {"seconds": 1757900000, "microseconds": 7}, "event": "MIGRATION_PASS", "data": {"pass": 3}}\r\n' +
      `{"return": {}, "id": ${id}}\r\n`,
  );
  await call;
  const [event] = events as { receivedAt: number }[];
  assert.equal(events.length, 1);
  assert.ok((event?.receivedAt ?? 0) >= before);
  assert.deepEqual(events, [
    {
      name: 'MIGRATION_PASS',
      data: { pass: 3 },
      timestampUs: 1757900000000007,
      receivedAt: event?.receivedAt,
    },
  ]);
});

test('a listener that throws disturbs neither the other listeners nor the session', async (t) => {
  const { monitor, peer, logger } = await openSession(t);
  const heard: string[] = [];
  monitor.onEvent(() => {
    throw new Error('listener is broken');
  });
  monitor.onEvent(({ name }) => heard.push(name));
  const call = monitor.execute('x');
  const { id } = await peer.nextCommand();
  peer.write('{"event": "STOP", "timestamp": {"seconds": 1, "microseconds": 2}}');
  peer.reply(id, 1);
  assert.equal(await call, 1);
  assert.deepEqual(heard, ['STOP']);
  assert.ok(logger.lines.some((line) => /^error .*STOP.*listener is broken/.test(line)));
});

test('a reply of 40 MB in pieces arrives whole, and so does the one after it', async (t) => {
  const { monitor, peer } = await openSession(t);
  const items = Array.from({ length: 100_000 }, (_, i) => ({
    id: i,
    path: `/machine/ünattached/device[${i}]`,
    text: 'ü}"'.repeat(100),
  }));
  const call = monitor.execute('big');
  peer.reply((await peer.nextCommand()).id, items);
  const reply = await withDeadline(call, 'the big reply', 30_000);
  assert.deepEqual(reply, items);
  const next = monitor.execute('next');
  peer.reply((await peer.nextCommand()).id, 1);
  assert.equal(await next, 1);
});

test('an out-of-band command goes out as exec-oob', async (t) => {
  const { monitor, peer } = await openSession(t);
  assert.deepEqual(peer.commands[0]?.arguments, { enable: ['oob'] });
  const call = monitor.execute('migrate-recover', { uri: 'x' }, { outOfBand: true });
  const command = await peer.nextCommand();
  assert.deepEqual([command['exec-oob'], command.execute], ['migrate-recover', undefined]);
  peer.reply(command.id);
  await call;
});

test('out-of-band execution is refused when the peer does not offer it', async (t) => {
  const { monitor, peer } = await openSession(t, GREETING.replace('"oob"', ''));
  assert.equal(peer.commands[0]?.arguments, undefined);
  const call = monitor.execute('migrate-recover', { uri: 'x' }, { outOfBand: true });
  await assert.rejects(call, /migrate-recover: .*out-of-band/);
});
