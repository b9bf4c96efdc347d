import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { type ConnectFailure, MonitorConnectError } from '../../../src/qmp/errors.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';

failOnUnhandledRejection();

function privateFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'qmp-connect-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function refusedBecause(
  connecting: Promise<unknown>,
  reason: ConnectFailure,
  message: RegExp,
): Promise<void> {
  await assert.rejects(connecting, (error: unknown) => {
    assert.ok(error instanceof MonitorConnectError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    return true;
  });
}

test('a path where nothing is', async (t) => {
  const folder = privateFolder(t);
  const clock = new ManualClock();
  const path = join(folder, 'none');
  await refusedBecause(
    connectMonitor(path, { clock }),
    'not-found',
    /unix:.*none does not exist.*-qmp option/,
  );
  await refusedBecause(connectMonitor(`unix:${path}/x`), 'not-found', /does not exist/);
  assert.equal(clock.pending, 0);
});

test('a path to something that is not a socket', async (t) => {
  const folder = privateFolder(t);
  writeFileSync(join(folder, 'file'), 'x');
  await refusedBecause(connectMonitor(join(folder, 'file')), 'not-found', /file is not a socket/);
  await refusedBecause(connectMonitor(join(folder, 'file', 'x')), 'not-found', /does not exist/);
  await refusedBecause(connectMonitor(folder), 'not-found', /is not a socket/);
});

test('a port and a socket where nobody listens any more', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const clock = new ManualClock();
  const gone = connectMonitor(`tcp:127.0.0.1:${port}`, { clock });
  await refusedBecause(
    gone,
    'refused',
    new RegExp(`tcp:127.0.0.1:${port} refuses connections.*still running`),
  );
  await refusedBecause(connectMonitor(`tcp:localhost:${port}`), 'refused', /refuses connections/);
  assert.equal(clock.pending, 0);
});

test('a host name that does not resolve', async () => {
  await refusedBecause(connectMonitor('tcp:no-such-host.invalid:4444'), 'unreachable', /host name/);
});

test('a socket that one may not open', async (t) => {
  const folder = privateFolder(t);
  chmodSync(folder, 0o711);
  const path = join(folder, 's');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  chmodSync(path, 0);
  const connecting = asNobody(() => connectMonitor(path));
  await refusedBecause(connecting, 'permission', /may not be opened by you.*Ask for access/);
});

/** The system call is made before `act` returns, so root can lay down its privileges for just that long. */
function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

test('bad addresses reject, they do not throw', async () => {
  for (const text of ['', 'x', 'tcp:host', 'unix:x']) {
    await refusedBecause(
      connectMonitor(text),
      'bad-address',
      /Write unix:\/path\/to\/socket or tcp:host:port/,
    );
  }
});

test('a transport that never stands is given up after its time', async () => {
  const clock = new ManualClock();
  // An address of the block reserved for documentation: nothing answers, whether or not there is a route.
  const connecting = connectMonitor('tcp:192.0.2.1:4444', { clock, connectTimeoutMs: 1000 });
  const refused = refusedBecause(
    connecting,
    'unreachable',
    /tcp:192\.0\.2\.1:4444 (did not answer within 1 s|can't be reached)/,
  );
  clock.advance(1000);
  await refused;
  assert.equal(clock.pending, 0);
});
