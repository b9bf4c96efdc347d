import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type PairState, writePairState } from '../../../src/lab/pairDirectory.ts';
import {
  type HostIdentity,
  hostIdentity,
  identify,
  type ProcessIdentity,
} from '../../../src/lab/processIdentity.ts';
import { removeStalePairs } from '../../../src/lab/stalePairs.ts';
import { silentLogger } from '../../../src/shared/logger.ts';

describe('removeStalePairs', () => {
  let base: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'stale-pairs-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(base, { recursive: true, force: true });
  });

  /** A process that ends when told, and not before. */
  function bystander(): { child: ChildProcess; identity: ProcessIdentity } {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(child);
    assert.ok(child.pid !== undefined);
    return { child, identity: identify(child.pid) };
  }

  async function gone(): Promise<ProcessIdentity> {
    const { child, identity } = bystander();
    child.kill('SIGKILL');
    await once(child, 'exit');
    return identity;
  }

  async function pairOf(state: Partial<PairState>, name = 'qmp-lab-test'): Promise<string> {
    const directory = join(base, name);
    await mkdir(directory, { mode: 0o700 });
    const host = hostIdentity();
    writePairState(directory, { owner: identify(process.pid), vms: [], ...(host ? { host } : {}), ...state });
    return directory;
  }

  test('ends the VMs of an owner that is gone and removes its directory', async () => {
    const vm = bystander();
    const exited = once(vm.child, 'exit');
    const directory = await pairOf({ owner: await gone(), vms: [vm.identity] });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 1);
    assert.deepEqual(await exited, [null, 'SIGKILL']);
    assert.ok(!existsSync(directory));
  });

  test('leaves the pair of a living owner', async () => {
    const vm = bystander();
    const directory = await pairOf({ vms: [vm.identity] });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 0);
    assert.ok(existsSync(directory));
    assert.ok(isRunning(vm.child));
  });

  test('does not take a later process with the number of the owner for the owner', async () => {
    const owner = { ...identify(process.pid), startTime: '1' };
    await pairOf({ owner });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 1);
  });

  test('does not end a later process with the number of a VM', async () => {
    const foreign = bystander();
    await pairOf({ owner: await gone(), vms: [{ ...foreign.identity, startTime: '1' }] });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 1);
    assert.ok(isRunning(foreign.child));
  });

  test('after a restart of the machine only removes the directory', async () => {
    const foreign = bystander();
    const host: HostIdentity = { bootId: 'of-an-earlier-boot', pidNamespace: 'pid:[1]' };
    await pairOf({ host, owner: identify(process.pid), vms: [foreign.identity] });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 1);
    assert.ok(isRunning(foreign.child));
  });

  test('leaves the pair of an owner in another namespace of processes', async () => {
    const here = hostIdentity();
    assert.ok(here, 'this test needs /proc');
    const directory = await pairOf({ owner: await gone(), host: { ...here, pidNamespace: 'pid:[1]' } });
    assert.equal(await removeStalePairs({ baseDirectory: base }), 0);
    assert.ok(existsSync(directory));
  });

  test('without /proc ends nothing, and removes only what is certainly dead', async () => {
    const vm = bystander();
    const owner = { pid: (await gone()).pid };
    const procDirectory = join(base, 'no-proc');
    const pairs: [string, PairState][] = [
      ['qmp-lab-kept', { owner, vms: [{ pid: vm.identity.pid }] }],
      ['qmp-lab-dead', { owner, vms: [{ pid: (await gone()).pid }] }],
      ['qmp-lab-living', { owner: { pid: process.pid }, vms: [] }],
    ];
    for (const [name, state] of pairs) writePairState(await pairOf({}, name), state);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => warnings.push(text) };
    assert.equal(await removeStalePairs({ baseDirectory: base, procDirectory, logger }), 1);
    assert.deepEqual(
      pairs.map(([name]) => existsSync(join(base, name))),
      [true, false, true],
    );
    assert.ok(isRunning(vm.child));
    assert.match(warnings.join('\n'), new RegExp(`qmp-lab-kept.*processes ${vm.identity.pid}`));
  });

  test('a directory without a state is left for a minute, as it may be in the making', async () => {
    const [young, old] = [join(base, 'qmp-lab-young'), join(base, 'qmp-lab-old')];
    for (const directory of [young, old]) await mkdir(directory);
    await writeFile(join(old, 'pair.json'), '{"owner":{"pid":-1},"vms":[]}');
    const twoMinutesAgo = Date.now() / 1000 - 120;
    await utimes(old, twoMinutesAgo, twoMinutesAgo);
    assert.equal(await removeStalePairs({ baseDirectory: base }), 1);
    assert.deepEqual([young, old].map(existsSync), [true, false]);
  });

  test('leaves what belongs to another user', async (t) => {
    const directory = await pairOf({ owner: await gone() });
    const own = process.getuid?.() ?? 0;
    t.mock.method(process as { getuid: () => number }, 'getuid', () => own + 1);
    assert.equal(await removeStalePairs({ baseDirectory: base }), 0);
    assert.ok(existsSync(directory));
  });

  test('follows no link, and touches nothing with another name', async () => {
    const other = await pairOf({ owner: await gone() }, 'something-else');
    await symlink(other, join(base, 'qmp-lab-link'));
    assert.equal(await removeStalePairs({ baseDirectory: base }), 0);
    assert.ok(existsSync(join(other, 'pair.json')));
  });

  test('a base directory that does not exist holds nothing', async () => {
    assert.equal(await removeStalePairs({ baseDirectory: join(base, 'missing') }), 0);
  });
});

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
