import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Cleanup } from '../../../scripts/process/cleanup.ts';

describe('the cleanup', () => {
  it('undoes last things first, and each only once', async () => {
    const cleanup = new Cleanup();
    const done: string[] = [];
    for (const name of ['a', 'b', 'c']) cleanup.add(name, () => done.push(name));
    assert.deepEqual(await cleanup.run(), []);
    await cleanup.run();
    assert.deepEqual(done, ['c', 'b', 'a']);
  });

  it('goes on after a step that fails, and tells it', async () => {
    const cleanup = new Cleanup();
    let wasReached = false;
    cleanup.add('earlier', () => {
      wasReached = true;
    });
    cleanup.add('later', () => {
      throw new Error('no');
    });
    assert.deepEqual(await cleanup.run(), ['later: no']);
    assert.ok(wasReached);
  });

  it('undoes at once what is added after the end', async () => {
    const cleanup = new Cleanup();
    await cleanup.run();
    const done: string[] = [];
    cleanup.add('late', () => done.push('late'));
    await cleanup.run();
    assert.deepEqual(done, ['late']);
  });

  it('forgets a step that was taken back', async () => {
    const cleanup = new Cleanup();
    const forget = cleanup.add('taken back', () => assert.fail('was undone'));
    forget();
    assert.deepEqual(await cleanup.run(), []);
  });

  it('removes its temporary directories with what is in them', async () => {
    const cleanup = new Cleanup();
    const directory = await cleanup.makeTemporaryDirectory('qmp-cleanup-');
    await writeFile(path.join(directory, 'file'), 'text');
    await cleanup.run();
    assert.equal(existsSync(directory), false);
  });
});
