import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { removeStalePairs } from '../../../src/lab/stalePairs.ts';
import { isAlive, startPair } from './pairUnderTest.ts';

interface Owner {
  process: ChildProcess;
  baseDirectory: string;
  directory: string;
  pids: number[];
}

describe('a pair whose owner crashed', () => {
  test('is left alone before, and cleaned up after', async (t) => {
    const owner = await startOwner(t);
    const { baseDirectory } = owner;
    assert.equal(await removeStalePairs({ baseDirectory }), 0);
    assert.deepEqual(owner.pids.map(isAlive), [true, true]);

    await crash(owner);
    assert.deepEqual(owner.pids.map(isAlive), [true, true], 'the VMs outlive their owner');
    assert.equal(await removeStalePairs({ baseDirectory }), 1);
    assert.deepEqual(owner.pids.map(isAlive), [false, false]);
    assert.ok(!existsSync(owner.directory));
  });

  test('is cleaned up by the next start', async (t) => {
    const owner = await startOwner(t);
    await crash(owner);
    const pair = await startPair(t, { baseDirectory: owner.baseDirectory });
    assert.deepEqual(owner.pids.map(isAlive), [false, false]);
    assert.deepEqual(
      (await readdir(owner.baseDirectory)).map((name) => join(owner.baseDirectory, name)),
      [pair.directory],
    );
    await pair.stop();
  });
});

async function startOwner(t: TestContext): Promise<Owner> {
  const baseDirectory = await mkdtemp(join(tmpdir(), 'crash-'));
  const program = fileURLToPath(new URL('crashingOwner.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, baseDirectory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(async () => {
    owner.kill('SIGKILL');
    await removeStalePairs({ baseDirectory });
    await rm(baseDirectory, { recursive: true, force: true });
  });
  const lines = createInterface(owner.stdout)[Symbol.asyncIterator]();
  const { value: line } = await lines.next();
  assert.ok(line !== undefined, 'the owner ended before it had a pair');
  return { process: owner, baseDirectory, ...(JSON.parse(line) as { directory: string; pids: number[] }) };
}

async function crash(owner: Owner): Promise<void> {
  const exited = once(owner.process, 'exit');
  owner.process.kill('SIGKILL');
  await exited;
}
