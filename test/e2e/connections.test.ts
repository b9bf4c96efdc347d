import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Cleanup } from '../../scripts/process/cleanup.ts';
import { until } from '../../scripts/process/until.ts';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { awaitLabels, awaitRow } from '../support/e2e/awaitRow.ts';
import { startTwoMonitorVm, type TwoMonitorVm } from '../support/e2e/twoMonitorVm.ts';
import { WorkbenchUnderTest } from '../support/e2e/workbenchUnderTest.ts';

describe('connections in the tree', () => {
  const cleanup = new Cleanup();
  let stage: WorkbenchUnderTest;
  let byPath: TwoMonitorVm;
  let byPort: TwoMonitorVm;

  before(async () => {
    byPath = await startTwoMonitorVm('vm-by-path', 'unix');
    cleanup.add('end vm-by-path', () => byPath[Symbol.asyncDispose]());
    byPort = await startTwoMonitorVm('vm-by-port', 'tcp');
    cleanup.add('end vm-by-port', () => byPort[Symbol.asyncDispose]());
    const settings = {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    };
    const folderSettings = { 'qmp.connections': [{ address: byPath.address }] };
    stage = await WorkbenchUnderTest.start({ settings, folderSettings });
    cleanup.add('close the workbench', () => stage[Symbol.asyncDispose]());
  });

  after(async () => assert.deepEqual(await cleanup.run(), []));

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

  test('a folder that is not trusted is worked in, but brings no connections', async () => {
    const { page } = stage.workbench;
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await stage.workbench.openViewContainer('QMP');
    await until('the welcome content', () => stage.tree.welcomeText(), 40_000);
    assert.deepEqual(await stage.tree.rows(), []);
  });

  test('a fresh profile is offered the two ways in', async () => {
    const text = await stage.tree.welcomeText();
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

  test('says what is wrong with an address while it is typed, and takes none of it', async () => {
    const { quickInput } = stage.workbench;
    await stage.workbench.runCommand('QMP: Add Connection…');
    await quickInput.waitForTitle('QMP: Add Connection');
    const complaints: [string, RegExp][] = [
      [
        'vm.sock',
        /"vm.sock" is not the address of a QMP monitor\. Write unix:\/path\/to\/socket or tcp:host:port/,
      ],
      ['http://localhost:4444', /"http:\/\/localhost:4444": only .* QMP/],
      ['unix:relative', /a Unix socket takes an absolute path/],
      [`unix:/${'x'.repeat(120)}`, /at most 107 bytes/],
      ['tcp:host', /is not a host and a port from 1 to 65535/],
      ['tcp:host:65536', /is not a host and a port from 1 to 65535/],
      ['tcp:::1:4444', /An IPv6 address goes in brackets/],
    ];
    for (const [address, complaint] of complaints) {
      await quickInput.typeAndAccept(address);
      await until(`the complaint about ${address}`, async () => {
        const message = await quickInput.message();
        if (!complaint.test(message)) throw new Error(message);
        return true;
      });
    }
    await quickInput.dismiss();
    await quickInput.waitUntilClosed();
    await awaitLabels(stage.tree, ['vm-by-path', 'vm-by-port']);
    assert.deepEqual(await savedAddresses(), [byPath.address, byPort.address]);
    assert.deepEqual(await stage.workbench.notifications.visible(), []);
  });

  test('Esc in the dialog changes nothing', async () => {
    await stage.workbench.runCommand('QMP: Add Connection…');
    await stage.workbench.quickInput.waitForTitle('QMP: Add Connection');
    await stage.workbench.quickInput.type('unix:/run/never/asked.sock');
    await stage.workbench.quickInput.dismiss();
    await stage.workbench.quickInput.waitUntilClosed();
    await awaitLabels(stage.tree, ['vm-by-path', 'vm-by-port']);
    assert.deepEqual(await savedAddresses(), [byPath.address, byPort.address]);
  });

  test('frees the monitor on Disconnect, and takes it again on Connect', async () => {
    await stage.tree.chooseFromMenu('vm-by-path', 'Disconnect');
    const row = await awaitRow(stage.tree, 'vm-by-path', { description: 'disconnected' });
    assert.equal(row.icon, 'codicon-debug-disconnect');
    await (await connectMonitor(byPath.address)).close();
    await stage.tree.clickInlineAction('vm-by-path', 'Connect');
    await awaitRow(stage.tree, 'vm-by-path', { description: 'running' });
  });

  test('remembers the connections when the window is reloaded', async () => {
    await stage.workbench.reload();
    await awaitRow(stage.tree, 'vm-by-path', { description: 'running' });
    await awaitRow(stage.tree, 'vm-by-port', { description: 'running' });
    await awaitLabels(stage.tree, ['vm-by-path', 'vm-by-port']);
  });

  test('is reached and used by keyboard alone', async () => {
    const { keyboard } = stage.workbench.page;
    await stage.workbench.runCommand('QMP: Focus on Migrations View');
    await keyboard.press('Home');
    await focusedRow(/^vm-by-path/);
    await keyboard.press('ArrowDown');
    await focusedRow(/^vm-by-port/);
    await keyboard.press('Shift+F10');
    await until('the keyboard to be on "Copy Address" of the menu', async () => {
      await keyboard.press('ArrowDown');
      return menu('.action-item.focused').filter({ hasText: 'Copy Address' }).isVisible();
    });
    await keyboard.press('Enter');
    await menu('.action-item').first().waitFor({ state: 'hidden' });
    await until('the address to be in the clipboard', async () => {
      const copied = await stage.workbench.page.evaluate(() => navigator.clipboard.readText());
      return copied === byPort.address;
    });
    await focusedRow(/^vm-by-port/);
  });

  test('Remove Connection forgets a VM and frees its monitor', async () => {
    await stage.tree.chooseFromMenu('vm-by-path', 'Remove Connection');
    await awaitLabels(stage.tree, ['vm-by-port']);
    await (await connectMonitor(byPath.address)).close();
    await stage.workbench.runCommand('QMP: Remove Connection');
    await stage.workbench.quickInput.waitForTitle('Remove which connection?');
    await stage.workbench.quickInput.accept();
    await awaitLabels(stage.tree, []);
    assert.deepEqual(await savedAddresses(), []);
    assert.match(await stage.tree.welcomeText(), /No VM at hand\?/);
  });

  async function focusedRow(label: RegExp): Promise<void> {
    const row = stage.workbench.page.locator('.pane .monaco-list:focus .monaco-list-row.focused');
    await until(`the keyboard to be on ${label}`, async () => {
      const seen = (await row.getAttribute('aria-label', { timeout: 1_000 })) ?? '';
      if (!label.test(seen)) throw new Error(`it is on "${seen}"`);
      return true;
    });
  }

  function menu(part: string): Locator {
    return stage.workbench.page.locator(`.monaco-menu ${part}`);
  }
});
