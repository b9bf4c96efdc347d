import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scripts/process/until.ts';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { awaitLabels, awaitRow } from '../support/e2e/awaitRow.ts';
import { startTwoMonitorVm, type TwoMonitorVm } from '../support/e2e/twoMonitorVm.ts';
import { WorkbenchUnderTest } from '../support/e2e/workbenchUnderTest.ts';

describe('connections in the tree', () => {
  let stage: WorkbenchUnderTest;
  let byPath: TwoMonitorVm;
  let byPort: TwoMonitorVm;

  before(async () => {
    byPath = await startTwoMonitorVm('vm-by-path', 'unix');
    byPort = await startTwoMonitorVm('vm-by-port', 'tcp');
    stage = await WorkbenchUnderTest.start();
  });

  after(async () => {
    await stage[Symbol.asyncDispose]();
    await byPath[Symbol.asyncDispose]();
    await byPort[Symbol.asyncDispose]();
  });

  async function add(address: string): Promise<void> {
    await stage.workbench.runCommand('QMP: Add Connection…');
    await stage.workbench.quickInput.waitForTitle('QMP: Add Connection');
    await stage.workbench.quickInput.typeAndAccept(address);
  }

  async function savedAddresses(): Promise<string[]> {
    const file = path.join(stage.server.dataDirectory, 'data/Machine/settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as {
      'qmp.connections'?: { address: string }[];
    };
    return (settings['qmp.connections'] ?? []).map(({ address }) => address);
  }

  test('a fresh profile is offered the two ways in', async () => {
    await stage.workbench.openViewContainer('QMP');
    await stage.tree.waitUntilVisible();
    const text = await until('the welcome content', () => stage.tree.welcomeText(), 40_000);
    assert.match(text, /Connect to the QMP monitor of a VM/);
    assert.match(text, /No VM at hand\?/);
    const buttons = await stage.workbench.page
      .locator('.welcome-view-content .monaco-button')
      .allTextContents();
    assert.deepEqual(buttons, ['Add Connection', 'Start Local VM Pair']);
    assert.deepEqual(await stage.tree.rows(), []);
  });

  test('adds a VM by its Unix socket: name, state and icon', async () => {
    await stage.tree.clickWelcome('Add Connection');
    await stage.workbench.quickInput.waitForTitle('QMP: Add Connection');
    await stage.workbench.quickInput.typeAndAccept(byPath.address);
    const row = await awaitRow(stage.tree, 'vm-by-path', { description: 'running' });
    assert.equal(row.icon, 'codicon-vm-running');
    assert.equal(row.ariaLabel, 'vm-by-path, running');
  });

  test('adds a VM by TCP', async () => {
    await add(byPort.address);
    await awaitRow(stage.tree, 'vm-by-port', { description: 'running', icon: 'codicon-vm-running' });
    await awaitLabels(stage.tree, ['vm-by-path', 'vm-by-port']);
    assert.deepEqual(await savedAddresses(), [byPath.address, byPort.address]);
  });

  test('follows stop and cont, whoever gives them', async () => {
    await byPath.control.execute('stop');
    await awaitRow(stage.tree, 'vm-by-path', { description: 'paused', icon: 'codicon-debug-pause' }, 2_000);
    await awaitRow(stage.tree, 'vm-by-port', { description: 'running' });
    await byPath.control.execute('cont');
    await awaitRow(stage.tree, 'vm-by-path', { description: 'running' }, 2_000);
  });

  test('does not add a VM twice, however its address is written', async () => {
    await add(`${byPath.address.replace('unix:', '')},server=on,wait=off`);
    await stage.workbench.quickInput.waitUntilClosed();
    await awaitLabels(stage.tree, ['vm-by-path', 'vm-by-port']);
    assert.deepEqual(await savedAddresses(), [byPath.address, byPort.address]);
  });
});
