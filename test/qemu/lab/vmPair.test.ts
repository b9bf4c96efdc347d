import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { type PairedVmExit, VmPair } from '../../../src/lab/vmPair.ts';
import { ask, connect, eventually, isAlive, startPair } from './pairUnderTest.ts';

describe('a local VM pair', () => {
  test('is a running source and a waiting destination in a private directory', async (t) => {
    const pair = await startPair(t);
    assert.equal((await stat(pair.directory)).mode & 0o777, 0o700);
    assert.equal(dirname(pair.directory), tmpdir());
    for (const [vm, status] of [
      [pair.source, 'running'],
      [pair.destination, 'inmigrate'],
    ] as const) {
      const monitor = await connect(t, vm.address);
      assert.equal((await ask(monitor, 'query-status'))['status'], status);
      assert.equal((await ask(monitor, 'query-name'))['name'], vm.name);
      assert.ok(isAlive(vm.pid), `${vm.name} is process ${vm.pid}`);
    }
  });

  test('leaves no process and no directory when stopped', async (t) => {
    const pair = await startPair(t);
    const pids = [pair.source.pid, pair.destination.pid];
    const exits: PairedVmExit[] = [];
    pair.onExit((exit) => exits.push(exit));
    await Promise.all([pair.stop(), pair.stop()]);
    assert.deepEqual(pids.map(isAlive), [false, false]);
    assert.ok(!existsSync(pair.directory));
    assert.deepEqual(exits, [], 'what was asked for is no event');
    await pair.stop();
  });

  test('kill leaves nothing either, and does not wait', async (t) => {
    const pair = await startPair(t);
    const pids = [pair.source.pid, pair.destination.pid];
    pair.kill();
    assert.ok(!existsSync(pair.directory));
    await eventually('both processes are gone', () => !pids.some(isAlive) || undefined);
    pair.kill();
  });

  test('stops a QEMU that does not listen to SIGTERM', async (t) => {
    const pair = await startPair(t);
    const { pid } = pair.source;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGSTOP');
    await pair.stop();
    assert.ok(!isAlive(pid));
  });

  test('tells when a QEMU ends by itself, and which', async (t) => {
    const pair = await startPair(t);
    const told = new Promise<PairedVmExit>((resolve) => pair.onExit(resolve));
    assert.ok(pair.destination.pid !== undefined);
    process.kill(pair.destination.pid, 'SIGKILL');
    const { which, code, signal } = await told;
    assert.deepEqual({ which, code, signal }, { which: 'destination', code: null, signal: 'SIGKILL' });
  });

  test('puts a fresh destination in the place of a dead one', async (t) => {
    const pair = await startPair(t);
    const before = { source: pair.source, destination: pair.destination };
    const told = new Promise<PairedVmExit>((resolve) => pair.onExit(resolve));
    assert.ok(before.destination.pid !== undefined);
    process.kill(before.destination.pid, 'SIGKILL');
    await told;
    await pair.renewDestination();
    assert.deepEqual(pair.source, before.source);
    assert.equal(pair.destination.address, before.destination.address);
    assert.notEqual(pair.destination.pid, before.destination.pid);
    const monitor = await connect(t, pair.destination.address);
    assert.equal((await ask(monitor, 'query-status'))['status'], 'inmigrate');
  });

  test('starts both anew at the same addresses, one restart after the other', async (t) => {
    const pair = await startPair(t);
    const before = [pair.source, pair.destination];
    await Promise.all([pair.reset(), pair.renewDestination()]);
    const after = [pair.source, pair.destination];
    assert.deepEqual(
      after.map((vm) => vm.address),
      before.map((vm) => vm.address),
    );
    assert.deepEqual(
      before.map((vm) => isAlive(vm.pid)),
      [false, false],
    );
    assert.deepEqual(
      after.map((vm) => isAlive(vm.pid)),
      [true, true],
    );
  });

  test('stopping wins over a restart under way', async (t) => {
    const pair = await startPair(t);
    const restart = assert.rejects(pair.reset(), { name: 'VmPairError', reason: 'stopped' });
    await pair.stop();
    await restart;
    assert.deepEqual(
      [pair.source, pair.destination].map((vm) => isAlive(vm.pid)),
      [false, false],
    );
    assert.ok(!existsSync(pair.directory));
    await assert.rejects(pair.renewDestination(), { reason: 'stopped' });
  });

  test('an aborted start leaves nothing and throws the reason', async (t) => {
    const base = await mkdtemp(join(tmpdir(), 'aborted-'));
    t.after(() => rm(base, { recursive: true, force: true }));
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const abortOnSpawn = (text: string): void => {
      if (text.startsWith('destination: ')) controller.abort(reason);
    };
    const ignore = (): void => {};
    const logger = { trace: ignore, debug: abortOnSpawn, info: ignore, warn: ignore, error: ignore };
    const start = VmPair.start({ baseDirectory: base, signal: controller.signal, logger });
    await assert.rejects(start, (error) => error === reason);
    assert.deepEqual(await readdir(base), []);
  });

  test('starts in a directory with a comma, a space and an umlaut in its name', async (t) => {
    const base = await mkdtemp(join(tmpdir(), 'a, ü-'));
    t.after(() => rm(base, { recursive: true, force: true }));
    const pair = await startPair(t, { baseDirectory: base });
    await connect(t, pair.source.address);
    await pair.stop();
    assert.deepEqual(await readdir(base), []);
  });

  test('gives the source further arguments', async (t) => {
    const pair = await startPair(t, { sourceArguments: ['-uuid', '01234567-89ab-cdef-0123-456789abcdef'] });
    const reply = await ask(await connect(t, pair.source.address), 'query-uuid');
    assert.equal(reply['UUID'], '01234567-89ab-cdef-0123-456789abcdef');
  });
});
