import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scripts/process/until.ts';
import { awaitLabels, awaitRow } from '../support/e2e/awaitRow.ts';
import { extensionHostPid } from '../support/e2e/extensionHost.ts';
import { unhandledErrors } from '../support/e2e/extensionHostLog.ts';
import { awaitPairs, pairTraces } from '../support/e2e/pairTraces.ts';
import { WorkbenchUnderTest } from '../support/e2e/workbenchUnderTest.ts';

const START = 'QMP: Start Local VM Pair';
const START_DEADLINE_MS = 40_000;

describe('the local VM pair', () => {
  let stage: WorkbenchUnderTest;
  let programs: string;

  before(async () => {
    programs = await mkdtemp(path.join(tmpdir(), 'qmp-programs-'));
    // As in somebody else's repository, which must not choose what runs here.
    const folderSettings = {
      'qmp.qemuPath': '/nonsense/of/the/folder',
      'qmp.connections': [{ address: 'unix:/nonsense/of/the/folder.sock' }],
    };
    const settings = { 'qmp.qemuPath': path.join(programs, 'our-qemu') };
    stage = await WorkbenchUnderTest.start({ settings, folderSettings });
    await stage.workbench.openViewContainer('QMP');
  });

  after(async () => {
    await stage[Symbol.asyncDispose]();
    await rm(programs, { recursive: true, force: true });
  });

  async function awaitReadyPair(): Promise<void> {
    await awaitRow(stage.tree, 'source', { description: 'running' }, START_DEADLINE_MS);
    await awaitRow(stage.tree, 'destination', { description: 'waiting for a migration' }, START_DEADLINE_MS);
    await awaitLabels(stage.tree, ['source', 'destination']);
  }

  async function errors(): Promise<string[]> {
    const shown = await stage.workbench.notifications.visible();
    return shown.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  }

  test('says what is missing when there is no QEMU, and leaves nothing behind', async () => {
    await stage.tree.clickWelcome('Start Local VM Pair');
    await stage.workbench.notifications.waitFor('could not be started: it was not found', START_DEADLINE_MS);
    const [message = '', ...more] = await errors();
    assert.ok(message.startsWith(path.join(programs, 'our-qemu')), message);
    assert.match(message, /Install QEMU .* The setting qmp\.qemuPath says which QEMU to run\./);
    assert.deepEqual(more, []);
    await awaitLabels(stage.tree, []);
    await awaitPairs(stage, 0);
    await stage.workbench.notifications.clear();
  });

  test('starts from the view, whatever the opened folder wants to run', async () => {
    const ours = '#!/bin/sh\nexec qemu-system-x86_64 "$@"\n';
    await writeFile(path.join(programs, 'our-qemu'), ours, { mode: 0o700 });
    await stage.tree.clickWelcome('Start Local VM Pair');
    await awaitReadyPair();
    await awaitPairs(stage, 1);
    assert.deepEqual(await errors(), []);
    const rows = await stage.tree.rows();
    assert.deepEqual(
      rows.map(({ ariaLabel }) => ariaLabel),
      ['source, running', 'destination, waiting for a migration'],
    );
  });

  test('restarts: other processes at the same place', async () => {
    const first = await pairTraces(stage);
    await stage.workbench.runCommand('QMP: Restart Local VM Pair');
    await until('other processes', async () => {
      const { pids } = await pairTraces(stage);
      return pids.length === 2 && pids.every((pid) => !first.pids.includes(pid));
    });
    await awaitReadyPair();
    const { directories } = await awaitPairs(stage, 1);
    assert.deepEqual(directories, first.directories);
  });

  test('stops and leaves nothing behind', async () => {
    await stage.workbench.runCommand('QMP: Stop Local VM Pair');
    await awaitLabels(stage.tree, []);
    await awaitPairs(stage, 0);
    assert.match(await until('the welcome content', () => stage.tree.welcomeText()), /No VM at hand\?/);
  });

  test('starts from the palette, and goes with the window', async () => {
    await stage.workbench.runCommand(START);
    await awaitReadyPair();
    await stage.renewWindow();
    await awaitPairs(stage, 0);
    await stage.workbench.openViewContainer('QMP');
    await until('the welcome content', () => stage.tree.welcomeText(), START_DEADLINE_MS);
    await awaitLabels(stage.tree, []);
  });

  test('outlives a crash of the extension host only until the next start', async () => {
    await stage.workbench.runCommand(START);
    await awaitReadyPair();
    const left = await awaitPairs(stage, 1);
    process.kill(extensionHostPid(stage), 'SIGKILL');
    await awaitLabels(stage.tree, []);
    assert.deepEqual(await pairTraces(stage), left);
    await stage.workbench.runCommand(START);
    await awaitReadyPair();
    const fresh = await awaitPairs(stage, 1);
    assert.notDeepEqual(fresh.directories, left.directories);
    assert.ok(left.pids.every((pid) => !fresh.pids.includes(pid)));
  });

  test('left no error that reached nobody', async () => {
    assert.deepEqual(await unhandledErrors(stage), []);
  });
});
