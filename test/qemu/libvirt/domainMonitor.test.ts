import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectDomain } from '../../../src/libvirt/connectDomain.ts';
import {
  CommandTimeoutError,
  MonitorClosedError,
  QmpCommandError,
  QmpError,
} from '../../../src/qmp/errors.ts';
import type { Monitor, MonitorState, QmpEvent } from '../../../src/qmp/monitor.ts';
import { isJsonObject, type JsonObject } from '../../../src/shared/json.ts';
import { childrenNamed } from '../../support/libvirt/childrenNamed.ts';
import { LibvirtUnderTest } from '../../support/libvirt/libvirtUnderTest.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

describe('a domain of a real libvirt as a monitor', () => {
  let libvirt: LibvirtUnderTest;
  let address: string;
  before(async () => {
    libvirt = await LibvirtUnderTest.start();
    address = await libvirt.startDomain();
  });
  after(() => libvirt?.stop());

  async function connect(t: TestContext, to = address): Promise<Monitor> {
    const monitor = await connectDomain(to);
    t.after(() => monitor.close());
    return monitor;
  }

  it('is connected, with the version of QEMU, and runs commands', async (t) => {
    const monitor = await connect(t);
    assert.equal(monitor.state, 'running');
    assert.equal(monitor.isLocal, true);
    assert.ok((monitor.version?.major ?? 0) >= 7, `version ${JSON.stringify(monitor.version)}`);
    const status = await ask(monitor, 'query-status');
    assert.deepEqual([status['status'], status['running']], ['running', true]);
  });

  it('keeps integers exact to 2^64-1 in both directions', async (t) => {
    const monitor = await connect(t);
    for (const value of [2n ** 64n - 1n, 2n ** 53n + 1n, 125_000_000]) {
      await monitor.execute('migrate-set-parameters', { 'avail-switchover-bandwidth': value });
      const parameters = await ask(monitor, 'query-migrate-parameters');
      assert.equal(parameters['avail-switchover-bandwidth'], value);
    }
  });

  it('carries any text in a command, whatever it means to virsh', async (t) => {
    const monitor = await connect(t);
    const texts = [
      `it's "quoted" \\ ; destroy vm # $HOME !! ~ | \t \r\n \u007f \u0001`,
      'Grüße, 世界, 😀 \u2028 \u00ff',
      'x'.repeat(20_000),
    ];
    for (const text of texts) {
      await monitor.execute('migrate-set-parameters', { 'tls-hostname': text });
      assert.equal((await ask(monitor, 'query-migrate-parameters'))['tls-hostname'], text);
    }
  });

  it('takes a reply of hundreds of KB', async (t) => {
    const monitor = await connect(t);
    const schema = await monitor.execute('query-qmp-schema');
    assert.ok(Array.isArray(schema) && schema.length > 1000, 'a schema of more than 1000 entries');
  });

  it("passes on QEMU's errors with class and description", async (t) => {
    const monitor = await connect(t);
    await assert.rejects(monitor.execute('no-such-command'), (error) => {
      assert.ok(error instanceof QmpCommandError, String(error));
      assert.equal(error.errorClass, 'CommandNotFound');
      assert.equal(error.command, 'no-such-command');
      assert.match(error.message, /no-such-command/);
      return true;
    });
    await assert.rejects(monitor.execute('query-status', {}, { outOfBand: true }), QmpError);
  });

  it('runs commands given at once in their order', async (t) => {
    const monitor = await connect(t);
    const seen: number[] = [];
    const set = async (value: number): Promise<void> => {
      await monitor.execute('migrate-set-parameters', { 'downtime-limit': value });
      seen.push(value);
    };
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(values.map(set));
    assert.deepEqual(seen, values);
    assert.equal((await ask(monitor, 'query-migrate-parameters'))['downtime-limit'], 20);
  });

  it('stops waiting after the timeout and on abort, and goes on with the next command', async (t) => {
    const monitor = await connect(t);
    const slow = monitor.execute('query-qmp-schema', undefined, { timeoutMs: 1 });
    const reason = new Error('no longer wanted');
    const aborting = new AbortController();
    const aborted = monitor.execute('stop', undefined, { signal: aborting.signal });
    const next = ask(monitor, 'query-status');
    aborting.abort(reason);
    await assert.rejects(aborted, reason);
    await assert.rejects(slow, CommandTimeoutError);
    assert.equal((await next)['status'], 'running', 'the aborted command was not sent');
  });

  it("emits events with their data and QEMU's own timestamps, from the first moment on", async (t) => {
    const oddlyNamed = await libvirt.startDomain("it's ü; vm #1: {x}");
    for (let round = 0; round < 5; round++) {
      const monitor = await connect(t, oddlyNamed);
      const events = collectEvents(monitor);
      const start = Date.now();
      await monitor.execute('stop');
      await monitor.execute('cont');
      const [stop, resume] = [await events.next('STOP'), await events.next('RESUME')];
      for (const event of [stop, resume]) {
        assert.deepEqual(event.data, {});
        const ms = event.timestampUs / 1000;
        assert.ok(ms >= start - 1 && ms <= event.receivedAt + 1, `${event.name} at ${ms}, begun at ${start}`);
      }
      assert.ok(stop.timestampUs < resume.timestampUs, 'STOP before RESUME');
      await monitor.close();
    }
  });

  it('emits MIGRATION events with their status', async (t) => {
    const monitor = await connect(t);
    const events = collectEvents(monitor);
    await monitor.execute('migrate-set-capabilities', {
      capabilities: [{ capability: 'events', state: true }],
    });
    await monitor.execute('migrate', { uri: 'tcp:127.0.0.1:1' });
    assert.deepEqual((await events.next('MIGRATION')).data, { status: 'setup' });
    assert.deepEqual((await events.next('MIGRATION')).data, { status: 'failed' });
  });

  it('goes idle with the reason when the domain is destroyed', async (t) => {
    const monitor = await connect(t, await libvirt.startDomain());
    const states = collectStates(monitor);
    await libvirt.virsh('destroy', '--domain', domainOf(monitor));
    await withDeadline(states.idle, 'the end of the session', 5000);
    assert.deepEqual(states.seen, ['disconnecting!', 'idle!']);
    assert.match(String(states.error), /the domain is not running/);
    await assert.rejects(monitor.execute('query-status'), MonitorClosedError);
  });

  it('goes idle at once when a command finds the domain destroyed', async (t) => {
    const monitor = await connect(t, await libvirt.startDomain());
    const states = collectStates(monitor);
    await libvirt.virsh('destroy', '--domain', domainOf(monitor));
    await assert.rejects(monitor.execute('query-status'), (error) => {
      assert.ok(error instanceof MonitorClosedError, String(error));
      return true;
    });
    await withDeadline(states.idle, 'the end of the session', 2000);
  });

  it('close() ends in order and leaves no virsh, and the domain runs on', async (t) => {
    const monitor = await connect(t);
    assert.equal(childrenNamed('virsh').length, 2, 'one virsh for commands, one for events');
    const states = collectStates(monitor);
    const pending = assert.rejects(monitor.execute('query-qmp-schema'), MonitorClosedError);
    await Promise.all([monitor.close(), monitor.close()]);
    await pending;
    await monitor.close();
    assert.deepEqual(states.seen, ['disconnecting', 'idle']);
    assert.deepEqual(childrenNamed('virsh'), []);
    assert.equal(await libvirt.virsh('domstate', domainOf(monitor)), 'running');
  });

  it('goes idle with the reason when libvirtd goes away', async (t) => {
    const other = await LibvirtUnderTest.start();
    t.after(() => other.stop());
    const monitor = await connect(t, await other.startDomain());
    const states = collectStates(monitor);
    await other.stop();
    await withDeadline(states.idle, 'the end of the session', 5000);
    assert.deepEqual(states.seen, ['disconnecting!', 'idle!']);
    assert.match(String(states.error), /connection to libvirt is lost/);
    assert.deepEqual(childrenNamed('virsh'), []);
  });
});

async function ask(monitor: Monitor, command: string): Promise<JsonObject> {
  const reply = await monitor.execute(command);
  assert.ok(isJsonObject(reply), `${command} answered ${String(reply)}`);
  return reply;
}

function domainOf(monitor: Monitor): string {
  return monitor.address.slice(monitor.address.indexOf('#') + 1);
}

function collectEvents(monitor: Monitor): { next(name: string): Promise<QmpEvent> } {
  const events: QmpEvent[] = [];
  monitor.onEvent((event) => events.push(event));
  return {
    async next(name) {
      const deadline = Date.now() + 5000;
      for (;;) {
        const at = events.findIndex((event) => event.name === name);
        if (at >= 0) return events.splice(0, at + 1).at(-1) as QmpEvent;
        assert.ok(Date.now() < deadline, `no ${name} within 5 s, only ${events.map((e) => e.name)}`);
        await delay(5);
      }
    },
  };
}

interface SeenStates {
  /** State by state; `!` after one that came with an error. */
  readonly seen: string[];
  readonly idle: Promise<void>;
  error: Error | undefined;
}

function collectStates(monitor: Monitor): SeenStates {
  const seen: string[] = [];
  let states: SeenStates;
  const idle = new Promise<void>((resolve) => {
    monitor.onStateChange(({ state, error }: { state: MonitorState; error?: Error }) => {
      seen.push(error ? `${state}!` : state);
      states.error = error;
      if (state === 'idle') resolve();
    });
  });
  states = { seen, idle, error: undefined };
  return states;
}
