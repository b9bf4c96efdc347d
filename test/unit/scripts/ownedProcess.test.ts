import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cleanup } from '../../../scripts/process/cleanup.ts';
import { runOwned } from '../../../scripts/process/ownedProcess.ts';
import { processesWithVariable } from '../../../scripts/process/processTable.ts';
import { until } from '../../../scripts/process/until.ts';

const FOREVER = 'setInterval(() => {}, 1000)';
const WITH_CHILD = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(FOREVER)}]);`;

describe('an owned process', () => {
  it('hands back what it printed and how it ended', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)';
    const result = await runOwned(new Cleanup(), process.execPath, ['-e', script]);
    assert.deepEqual(
      { failed: result.failed, exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr },
      { failed: true, exitCode: 3, stdout: 'out', stderr: 'err' },
    );
  });

  it('tells when the program is not there', async () => {
    const result = await runOwned(new Cleanup(), '/nonexistent/program', []);
    assert.equal(result.failed, true);
    assert.match(result.message, /ENOENT/);
  });

  it('is ended with its children by the cleanup', async () => {
    const cleanup = new Cleanup();
    const mark = `owned-${process.pid}`;
    const running = () => processesWithVariable('OWNED_TEST', mark);
    const run = runOwned(cleanup, process.execPath, ['-e', WITH_CHILD + FOREVER], {
      env: { OWNED_TEST: mark },
    });
    await until('parent and child to run', () => running().length === 2);
    assert.deepEqual(await cleanup.run(), []);
    assert.deepEqual(running(), []);
    assert.equal((await run).failed, true);
  });

  it('leaves no child running when it ends by itself', async () => {
    const mark = `alone-${process.pid}`;
    const script = `${WITH_CHILD} process.exit(0)`;
    await runOwned(new Cleanup(), process.execPath, ['-e', script], { env: { OWNED_TEST: mark } });
    assert.deepEqual(processesWithVariable('OWNED_TEST', mark), []);
  });
});
