import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { MonitorConnectError, QmpCommandError } from '../../../src/qmp/errors.ts';
import type { QmpEvent } from '../../../src/qmp/monitor.ts';
import type { SocketMonitor } from '../../../src/qmp/socketMonitor.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { type RealQemu, type RealQemuOptions, startQemu } from '../../support/qmp/realQemu.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

const PC = ['-M', 'pc', '-m', '64', '-S'];

async function running(
  t: TestContext,
  options?: RealQemuOptions,
): Promise<{ qemu: RealQemu; monitor: SocketMonitor }> {
  const qemu = await startQemu(options);
  t.after(() => qemu.kill());
  const monitor = await connectMonitor(qemu.address);
  t.after(() => monitor.close());
  return { qemu, monitor };
}

test('a session with QEMU over each transport', async (t) => {
  for (const transport of ['unix', 'tcp'] as const) {
    const { qemu, monitor } = await running(t, { transport });
    assert.equal(monitor.state, 'running');
    assert.equal(monitor.address, qemu.address);
    assert.equal(monitor.isLocal, true);
    const reply = (await monitor.execute('query-version')) as { qemu: { major: number } };
    assert.equal(reply.qemu.major, monitor.version?.major);
    await monitor.close();
    await qemu.kill();
  }
});

test('integers up to 2^64-1 and text of any kind come back from QEMU as they went', async (t) => {
  const { monitor } = await running(t);
  for (const value of [2n ** 64n - 1n, 2n ** 53n + 1n, 2n ** 63n, 104857600]) {
    await monitor.execute('migrate-set-parameters', { 'max-bandwidth': 1, 'max-postcopy-bandwidth': value });
    const { 'max-postcopy-bandwidth': seen } = (await monitor.execute('query-migrate-parameters')) as {
      'max-postcopy-bandwidth': unknown;
    };
    assert.equal(seen, value);
  }
  for (const text of ['ü😀"\\\n', 'digits 12345678901234567890', '{[']) {
    await monitor.execute('migrate-set-parameters', { 'tls-hostname': text });
    const reply = (await monitor.execute('query-migrate-parameters')) as { 'tls-hostname': unknown };
    assert.equal(reply['tls-hostname'], text);
  }
});

test("QEMU's errors carry class and words; one that it can't parse rejects too instead of hanging", async (t) => {
  const { monitor } = await running(t);
  const cases: [string, Record<string, string>, string, RegExp][] = [
    ['no-such-command', {}, 'CommandNotFound', /no-such-command/],
    ['qom-get', { path: '/nowhere', property: 'x' }, 'DeviceNotFound', /nowhere/],
    ['migrate-set-parameters', { 'max-bandwidth': '1G' }, 'GenericError', /max-bandwidth/],
    ['qom-get', { path: '\ud800', property: 'x' }, 'GenericError', /JSON parse error/],
  ];
  for (const [command, args, errorClass, words] of cases) {
    await assert.rejects(
      withDeadline(monitor.execute(command, args), `the answer to ${command}`),
      (error) => {
        assert.ok(error instanceof QmpCommandError);
        assert.deepEqual([error.command, error.errorClass], [command, errorClass]);
        assert.match(error.message, words);
        return true;
      },
    );
  }
});

test('hundreds of commands at once, each gets its own answer', async (t) => {
  const { monitor } = await running(t);
  const calls = Array.from({ length: 300 }, async (_, i) => {
    if (i % 3 === 0) return assert.rejects(monitor.execute(`nonsense-${i}`), new RegExp(`nonsense-${i}`));
    const reply = await monitor.execute(i % 3 === 1 ? 'query-name' : 'query-version');
    assert.equal('qemu' in (reply as object), i % 3 === 2);
  });
  await Promise.all(calls);
});

test('out-of-band commands overtake a slow one, also with the pipeline full', async (t) => {
  const { monitor, qemu } = await running(t, { args: PC });
  const order: string[] = [];
  // Copies more memory than there is: QEMU fills up with zeros, for as long as we like.
  const slow = monitor
    .execute('pmemsave', { val: 0, size: 20e9, filename: '/dev/null' })
    .catch(() => order.push('slow'));
  const behind = Array.from({ length: 12 }, () => monitor.execute('query-name').catch(() => {}));
  const yank = await withDeadline(
    monitor.execute('query-yank', undefined, { outOfBand: true }),
    'query-yank',
    3000,
  );
  order.push('yank');
  assert.ok(Array.isArray(yank));
  assert.deepEqual(order, ['yank']);
  await assert.rejects(monitor.execute('query-name', undefined, { outOfBand: true }), /does not support OOB/);
  await qemu.kill();
  await Promise.all([slow, ...behind]);
});

test("events carry QEMU's time to the microsecond", async (t) => {
  const { monitor } = await running(t, { args: PC });
  const events: QmpEvent[] = [];
  monitor.onEvent((event) => events.push(event));
  const before = Date.now();
  for (let i = 0; i < 5; i++) {
    await monitor.execute('cont');
    await monitor.execute('stop');
  }
  const names = events.map(({ name }) => name).filter((name) => name === 'RESUME' || name === 'STOP');
  assert.deepEqual(names.slice(0, 4), ['RESUME', 'STOP', 'RESUME', 'STOP']);
  for (const { timestampUs, receivedAt } of events) {
    assert.ok(Number.isSafeInteger(timestampUs));
    assert.ok(
      timestampUs / 1000 >= before - 1 && timestampUs / 1000 <= receivedAt + 5,
      `${timestampUs} ${receivedAt}`,
    );
  }
  assert.ok(events.some(({ timestampUs }) => timestampUs % 1000 !== 0));
});

test('a reply of more than 30 MB, events and other replies around it', async (t) => {
  const { monitor } = await running(t, { args: PC });
  const words = 2_200_000;
  const dump = monitor.execute('human-monitor-command', { 'command-line': `xp /${words}xw 0` });
  const after = monitor.execute('query-version');
  const text = (await withDeadline(dump, 'the dump of memory', 60_000)) as string;
  assert.ok(text.length > 30e6, `${text.length} characters`);
  // Every line begins with an address of sixteen digits, in order to the last.
  const lines = text.trimEnd().split('\r\n');
  assert.equal(lines.length, words / 4);
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith((index * 16).toString(16).padStart(16, '0'))) assert.fail(`line ${index}: ${line}`);
  }
  assert.ok(await after);
});

test('a command of 300 KB', async (t) => {
  const { monitor } = await running(t, { args: ['-M', 'none', '-chardev', 'ringbuf,id=ring,size=1M'] });
  const data = 'äöü€😀"\\ 12345678901234567890\n'.repeat(8000);
  const size = Buffer.byteLength(data);
  assert.ok(size > 290_000, `${size} bytes`);
  await monitor.execute('ringbuf-write', { device: 'ring', data });
  assert.equal(await monitor.execute('ringbuf-read', { device: 'ring', size }), data);
});

test('the human monitor is not a QMP monitor', async (t) => {
  const qemu = await startQemu({ mode: 'readline' });
  t.after(() => qemu.kill());
  await assert.rejects(connectMonitor(qemu.address), (error) => {
    assert.ok(error instanceof MonitorConnectError);
    assert.equal(error.reason, 'not-qmp');
    assert.match(error.message, /is not a QMP monitor: .*QEMU .* monitor/);
    return true;
  });
});
