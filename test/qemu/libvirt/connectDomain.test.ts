import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type ConnectDomainOptions, connectDomain } from '../../../src/libvirt/connectDomain.ts';
import { type ConnectFailure, MonitorConnectError } from '../../../src/qmp/errors.ts';
import { childrenNamed } from '../../support/libvirt/childrenNamed.ts';
import { LibvirtUnderTest } from '../../support/libvirt/libvirtUnderTest.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';

failOnUnhandledRejection();

describe('connecting to a domain that can not be reached', () => {
  it('says that virsh is not installed, and where to get it', async () => {
    await refuses('qemu:///system#vm', 'not-found', /"no-such-virsh" is not installed.*libvirt-clients/, {
      virshPath: 'no-such-virsh',
    });
  });

  it('says that libvirt does not run here', async () => {
    const address = 'qemu:///system?socket=/nowhere/libvirt-sock#vm';
    await refuses(address, 'not-found', /libvirt does not run.*Start libvirtd.*\/nowhere\/libvirt-sock/);
  });

  it('says that a connection is refused', async () => {
    await refuses('qemu+tcp://127.0.0.1:1/system#vm', 'refused', /no libvirt listens there/);
  });

  it('gives up on a host that never answers', async (t) => {
    const address = `qemu+tcp://127.0.0.1:${await silentServer(t)}/system#vm`;
    await refuses(address, 'unreachable', /did not answer within 0.3 s/, { connectTimeoutMs: 300 });
  });

  it("ends with the signal's reason when aborted", async (t) => {
    const address = `qemu+tcp://127.0.0.1:${await silentServer(t)}/system#vm`;
    const reason = new Error('no longer wanted');
    const aborting = new AbortController();
    const connecting = connectDomain(address, { signal: aborting.signal });
    aborting.abort(reason);
    await assert.rejects(connecting, reason);
    assert.deepEqual(childrenNamed('virsh'), []);
  });

  // Real answers of ssh, through an ssh that gives no other: no host of these tests has an ssh server.
  it('says what ssh would have to ask, and lets it ask nothing', async (t) => {
    const ssh = await scriptedSsh(t, 'Host key verification failed.');
    await refuses(`qemu+ssh://host/system?command=${ssh}#vm`, 'permission', /Log in once with ssh/);
    assert.match(await readFile(`${ssh}.arguments`, 'utf8'), /-o BatchMode=yes/);
  });

  it('says that ssh needs a key', async (t) => {
    const ssh = await scriptedSsh(t, 'me@host: Permission denied (publickey,password).');
    await refuses(`qemu+ssh://me@host/system?command=${ssh}#vm`, 'permission', /ssh-copy-id/);
  });

  it('says where to look when ssh says nothing', async (t) => {
    const ssh = await scriptedSsh(t, '');
    await refuses(`qemu+ssh://host/system?command=${ssh}#vm`, 'closed', /ssh ended before libvirt answered/);
  });

  it('says that the name of a host does not resolve', async (t) => {
    const ssh = await scriptedSsh(t, 'ssh: Could not resolve hostname host: Name or service not known');
    await refuses(`qemu+ssh://host/system?command=${ssh}#vm`, 'unreachable', /does not resolve/);
  });
});

describe('connecting to a domain of a libvirt that runs', () => {
  let libvirt: LibvirtUnderTest;
  before(async () => {
    libvirt = await LibvirtUnderTest.start();
  });
  after(() => libvirt?.stop());

  it('says that there is no such domain', async () => {
    for (const name of ['nobody', "it's; list", '-x', '世界']) {
      await refuses(`${libvirt.uri}#${name}`, 'not-found', /no such domain.*list --all/);
    }
  });

  it('says that the domain is not running', async () => {
    const address = await libvirt.defineDomain('asleep');
    await refuses(address, 'refused', /asleep: the domain is not running \(shut off.*Start it/);
  });

  it('takes the UUID and the number of a domain as well as its name', async (t) => {
    await libvirt.startDomain('awake');
    for (const command of ['domuuid', 'domid']) {
      const id = await libvirt.virsh(command, 'awake');
      const monitor = await connectDomain(`${libvirt.uri}#${id}`);
      t.after(() => monitor.close());
      const resumed = new Promise<void>((resolve) => {
        monitor.onEvent(({ name }) => name === 'RESUME' && resolve());
      });
      await monitor.execute('stop');
      await monitor.execute('cont');
      await resumed;
      await monitor.close();
    }
  });
});

async function refuses(
  address: string,
  reason: ConnectFailure,
  message: RegExp,
  options: ConnectDomainOptions = {},
): Promise<void> {
  await assert.rejects(connectDomain(address, options), (error) => {
    assert.ok(error instanceof MonitorConnectError, String(error));
    assert.match(error.message, message);
    assert.equal(error.reason, reason, error.message);
    assert.ok(error.message.startsWith(address.slice(0, 12)), `names the address: ${error.message}`);
    return true;
  });
  assert.deepEqual(childrenNamed('virsh'), []);
}

/** The port of a server that takes connections and says nothing. */
async function silentServer(t: TestContext): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    t.after(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** A program that keeps its arguments in a file beside it, is written to, says `answer` and fails as ssh does. */
async function scriptedSsh(t: TestContext, answer: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ssh-'));
  t.after(() => rm(folder, { recursive: true }));
  const program = path.join(folder, 'ssh');
  const lines = ['#!/bin/sh', 'echo "$@" >"$0.arguments"', 'head -c 1 >/dev/null'];
  lines.push(`echo '${answer}' >&2`, 'exit 255', '');
  await writeFile(program, lines.join('\n'), { mode: 0o700 });
  return program;
}
