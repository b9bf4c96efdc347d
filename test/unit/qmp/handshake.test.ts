import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { type ConnectFailure, MonitorConnectError } from '../../../src/qmp/errors.ts';
import { SocketMonitor } from '../../../src/qmp/socketMonitor.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { buffersShrinkTo } from '../../support/qmp/buffersShrinkTo.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { openSession } from '../../support/qmp/openSession.ts';
import { GREETING, type PeerClient, ScriptedPeer } from '../../support/qmp/scriptedPeer.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

const QUICK: ConnectOptions = { greetingTimeoutMs: 100 };

/** Connects to a peer that does `script`, expects failure, and that neither side keeps a socket. */
async function failsWith(
  t: TestContext,
  script: (peer: PeerClient) => unknown,
  reason: ConnectFailure,
  message: RegExp,
  options: ConnectOptions = QUICK,
): Promise<void> {
  const server = await ScriptedPeer.listen(t);
  const connecting = connectMonitor(server.address, options);
  const failure = assert.rejects(connecting, (error: unknown) => {
    assert.ok(error instanceof MonitorConnectError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    assert.ok(error.message.startsWith(server.address), error.message);
    return true;
  });
  const peer = await server.nextClient();
  await script(peer);
  await withDeadline(failure, 'connectMonitor to fail', 5000);
  await withDeadline(peer.closed, 'our end of the socket to be closed');
}

test('the states of a session in order, from connecting to idle', async (t) => {
  const server = await ScriptedPeer.listen(t);
  const socket = connect(server.address.slice('unix:'.length));
  const monitor = new SocketMonitor(socket, {
    address: server.address,
    isLocal: true,
    clock: systemClock,
    logger: silentLogger,
  });
  const states: string[] = [monitor.state];
  monitor.onStateChange(({ state }) => states.push(state));
  const negotiated = (await server.nextClient()).negotiate();
  await monitor.greeting;
  assert.deepEqual(monitor.version, { major: 10, minor: 0, micro: 2, package: 'test' });
  await assert.rejects(monitor.execute('too-early'), /too-early: not connected/);
  await monitor.negotiate({});
  await negotiated;
  await monitor.close();
  assert.deepEqual(states, ['connecting', 'running', 'disconnecting', 'idle']);
});

test('a failed handshake goes from connecting back to idle and never runs', async (t) => {
  const server = await ScriptedPeer.listen(t);
  const socket = connect(server.address.slice('unix:'.length));
  const monitor = new SocketMonitor(socket, {
    address: server.address,
    isLocal: true,
    clock: systemClock,
    logger: silentLogger,
  });
  const states: string[] = [monitor.state];
  monitor.onStateChange(({ state }) => states.push(state));
  const peer = await server.nextClient();
  peer.write(GREETING);
  await monitor.greeting;
  const negotiation = assert.rejects(monitor.negotiate({}));
  peer.write(`{"return": {}, "id": ${(await peer.nextCommand()).id}} garbage`);
  await negotiation;
  await monitor.close();
  assert.deepEqual(states, ['connecting', 'disconnecting', 'idle']);
  assert.equal(socket.destroyed, true);
});

test('a silent peer: says so in time, and how to help it', async (t) => {
  const advice = /connected, but no greeting: a monitor serves one client at a time.*(other client|second)/;
  await failsWith(t, () => {}, 'no-greeting', advice);
});

test('the default time limit for the greeting is below 3 s', async (t) => {
  const started = performance.now();
  await failsWith(t, () => {}, 'no-greeting', /connected, but no greeting/, {});
  assert.ok(performance.now() - started < 3000);
});

test('a peer that greets and then keeps silent is not called one without a greeting', async (t) => {
  await failsWith(
    t,
    (peer) => peer.write(GREETING),
    'unreachable',
    /did not answer qmp_capabilities within 0\.1 s/,
  );
});

test('a peer that refuses qmp_capabilities: its own words are shown', async (t) => {
  const script = async (peer: PeerClient): Promise<void> => {
    peer.write(GREETING);
    const { id } = await peer.nextCommand();
    peer.write(JSON.stringify({ id, error: { class: 'GenericError', desc: 'not today' } }));
  };
  await failsWith(t, script, 'not-qmp', /not today/);
});

test('peers that close: at once, after the greeting, in the middle of it, abruptly', async (t) => {
  const closed = /closed the connection/;
  await failsWith(t, (peer) => peer.socket.end(), 'closed', closed);
  await failsWith(t, (peer) => peer.socket.end(GREETING), 'closed', closed);
  await failsWith(t, (peer) => peer.socket.end(GREETING.slice(0, 40)), 'closed', closed);
  await failsWith(t, (peer) => peer.socket.destroy(), 'closed', closed);
});

test('servers of other protocols are named as what they are not', async (t) => {
  const banners = [
    'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    '220 mail.example ESMTP Postfix\r\n',
    'HTTP/1.1 408 Request Timeout\r\n\r\n',
    "QEMU 10.0.2 monitor - type 'help' for more information\r\n(qemu) ",
    '\0\u0001\u0002',
  ];
  for (const banner of banners) {
    const quoted = JSON.stringify(banner.slice(0, 12)).slice(0, -1).replaceAll(/[.\\]/g, '\\$&');
    await failsWith(
      t,
      (peer) => peer.write(banner),
      'not-qmp',
      new RegExp(`is not a QMP monitor: .*${quoted}`),
    );
  }
});

test('JSON that is not a greeting, before or right after one', async (t) => {
  const cases = ['{"hello": "world"}', '[]', '{]', `${GREETING}oops`, `${GREETING}${GREETING}`];
  for (const text of cases) {
    await failsWith(t, (peer) => peer.write(text), 'not-qmp', /is not a QMP monitor/);
  }
});

test('replies and events for the client before us, around the greeting, are dropped', async (t) => {
  const server = await ScriptedPeer.listen(t);
  const connecting = connectMonitor(server.address);
  const peer = await server.nextClient();
  const stale = Array.from({ length: 100 }, (_, id) => `{"return": "stale", "id": ${id}}\r\n`).join('');
  const large = `{"return": "${'x'.repeat(300_000)}", "id": 1}`;
  peer.write(
    `${large}${stale}{"event": "STOP"}{"id": 1, "error": {"class": "GenericError", "desc": "stale"}}`,
  );
  peer.write(GREETING);
  const { id } = await peer.nextCommand();
  peer.write(stale);
  assert.equal(
    await Promise.race([connecting, new Promise((resolve) => setImmediate(resolve, 'not yet'))]),
    'not yet',
  );
  peer.reply(id);
  const monitor = await connecting;
  t.after(() => monitor.close());
  const call = monitor.execute('x');
  peer.reply((await peer.nextCommand()).id, 'fresh');
  assert.equal(await call, 'fresh');
});

test('random bytes, many times', async (t) => {
  for (let run = 0; run < 20; run++) {
    const bytes = Buffer.concat([Buffer.from([run]), randomBytes(5000)]);
    await failsWith(t, (peer) => peer.write(bytes), 'not-qmp', /is not a QMP monitor/);
  }
});

test('endless nesting', async (t) => {
  await failsWith(
    t,
    (peer) => peer.write(`{"QMP":${'['.repeat(60_000)}`),
    'not-qmp',
    /nested deeper than 1024/,
  );
});

/** Sends up to 200 MB of one string and returns how much of it was taken. */
async function flood(peer: PeerClient, start: string): Promise<number> {
  const part = Buffer.alloc(1 << 20, 'x');
  let sent = 0;
  peer.write(start);
  while (sent < 200e6 && !peer.socket.destroyed) {
    sent += part.length;
    if (!peer.socket.write(part)) {
      await Promise.race([new Promise((resolve) => peer.socket.once('drain', resolve)), peer.closed]);
    }
  }
  return sent;
}

test('a line of 200 MB before the greeting, or right after it, is cut off early', async (t) => {
  for (const start of ['{"QMP": "', `${GREETING}{"return": "`]) {
    const before = process.memoryUsage().rss;
    let sent = 0;
    const script = async (peer: PeerClient): Promise<void> => {
      sent = await flood(peer, start);
    };
    await failsWith(t, script, 'not-qmp', /more than 1048576 bytes/, { greetingTimeoutMs: 5000 });
    assert.ok(sent < 20e6, `${sent} bytes taken`);
    assert.ok(process.memoryUsage().rss - before < 64e6, 'memory');
  }
});

test('a line of 200 MB in a running session ends it, and nothing of it is kept', async (t) => {
  const { monitor, peer } = await openSession(t);
  const outcome = monitor.execute('x').catch((error: unknown) => error);
  const before = process.memoryUsage().arrayBuffers;
  const { id } = await peer.nextCommand();
  await flood(peer, `{"id": ${id}, "return": "`);
  const error = (await withDeadline(outcome, 'the end of the session', 30_000)) as Error;
  assert.match(String(error.cause), /ProtocolError: a message of more than 134217728 bytes/);
  await monitor.close();
  await buffersShrinkTo(before + 32e6);
});

test('an HTTP server: silent until asked', async (t) => {
  const server = createHttpServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await assert.rejects(connectMonitor(`tcp:127.0.0.1:${port}`, QUICK), (error: unknown) => {
    assert.ok(error instanceof MonitorConnectError);
    assert.match(error.message, /no greeting.*is a QMP monitor/);
    return true;
  });
});

test('an abort rejects with its reason at every stage and leaves no socket', async (t) => {
  const server = await ScriptedPeer.listen(t);
  const reason = new Error('user pressed Esc');
  const isReason = (error: unknown): boolean => error === reason;
  await assert.rejects(connectMonitor(server.address, { signal: AbortSignal.abort(reason) }), isReason);

  const early = new AbortController();
  const elsewhere = await ScriptedPeer.listen(t);
  const connecting = assert.rejects(connectMonitor(elsewhere.address, { signal: early.signal }), isReason);
  early.abort(reason);
  await connecting;

  const stages: ((peer: PeerClient) => unknown)[] = [
    () => {},
    async (peer) => {
      peer.write(GREETING);
      await peer.nextCommand();
    },
  ];
  for (const stage of stages) {
    const abort = new AbortController();
    const failing = assert.rejects(connectMonitor(server.address, { signal: abort.signal }), isReason);
    const peer = await server.nextClient();
    await stage(peer);
    abort.abort(reason);
    await failing;
    await withDeadline(peer.closed, 'our end of the socket to be closed');
  }
});
