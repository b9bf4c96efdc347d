import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { awaitLabels, awaitRow } from '../support/e2e/awaitRow.ts';
import { extensionHostPid, peakMemoryBytes } from '../support/e2e/extensionHost.ts';
import { unhandledErrors } from '../support/e2e/extensionHostLog.ts';
import {
  endlessLine,
  endlessNesting,
  type HostilePeer,
  httpServer,
  noisyServer,
} from '../support/e2e/hostilePeers.ts';
import { WorkbenchUnderTest } from '../support/e2e/workbenchUnderTest.ts';
import { startQemu } from '../support/qmp/realQemu.ts';

/** 3 s is what users are promised; a busy machine for tests gets a little more. */
const COMPLAINT_DEADLINE_MS = 5_000;
const MIB = 1024 * 1024;

const NO_GREETING = 'connected, but no greeting: a monitor serves one client at a time';

describe('a VM that can not be reached', () => {
  let stage: WorkbenchUnderTest;

  before(async () => {
    stage = await WorkbenchUnderTest.start();
    await stage.workbench.openViewContainer('QMP');
  });

  after(() => stage[Symbol.asyncDispose]());

  afterEach(async () => {
    await stage.workbench.notifications.clear();
    await stage.workbench.runCommand('QMP: Remove Connection');
    await stage.workbench.quickInput.waitForTitle('Remove which connection?');
    await stage.workbench.quickInput.accept();
    await awaitLabels(stage.tree, []);
    assert.deepEqual(await unhandledErrors(stage), []);
  });

  /** Adds a connection and waits for the message and the row that say why there is none. */
  async function addInVain(address: string, label: string, complaint: string | RegExp): Promise<void> {
    await stage.workbench.runCommand('QMP: Add Connection…');
    await stage.workbench.quickInput.waitForTitle('QMP: Add Connection');
    await stage.workbench.quickInput.typeAndAccept(address);
    await stage.workbench.notifications.waitFor(complaint, COMPLAINT_DEADLINE_MS);
    const [message] = await stage.workbench.notifications.visible();
    assert.equal(message?.severity, 'error');
    assert.deepEqual(message?.buttons, ['Show Log']);
    assert.ok(message.message.startsWith(address), message.message);
    const row = await awaitRow(stage.tree, label, { description: 'unreachable', icon: 'codicon-warning' });
    assert.equal(row.ariaLabel, `${label}, unreachable: ${message.message}`);
    assert.ok((await tooltip(label)).endsWith(message.message), 'the tooltip has the reason');
  }

  async function addPeerInVain(peer: HostilePeer, complaint: string | RegExp): Promise<string> {
    const place = `127.0.0.1:${peer.port}`;
    await addInVain(`tcp:${place}`, place, complaint);
    return place;
  }

  async function tooltip(label: string): Promise<string> {
    await stage.tree.row(label).locator('.label-name').hover();
    const hover = stage.workbench.page.locator('.monaco-hover:not(.hidden) .hover-contents', {
      hasText: label,
    });
    const text = (await hover.first().textContent()) ?? '';
    await stage.workbench.page.locator('.part.editor').hover();
    // Markdown keeps the spaces of text from outside from being folded.
    return text.replaceAll('\u00a0', ' ');
  }

  test('no such socket: said so, and connected as soon as the VM is there', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'qmp-late-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const socket = path.join(folder, 'late-vm.sock');
    await addInVain(`unix:${socket}`, 'late-vm', 'does not exist. Is the VM running');
    const qemu = await startQemu({ args: ['-M', 'none', '-qmp', `unix:${socket},server=on,wait=off`] });
    t.after(qemu.kill);
    await awaitRow(stage.tree, 'late-vm', { description: 'running' });
  });

  test('refused port', async () => {
    const peer = await httpServer();
    await peer[Symbol.asyncDispose]();
    await addPeerInVain(peer, 'refuses connections: nothing listens there');
  });

  test('monitor held by another client: said so, and Connect takes it once it is free', async (t) => {
    const qemu = await startQemu({ transport: 'tcp', args: ['-M', 'none', '-name', 'shared-vm'] });
    t.after(qemu.kill);
    const other = await connectMonitor(qemu.address);
    t.after(() => other.close());
    await addInVain(qemu.address, qemu.address.replace('tcp:', ''), NO_GREETING);
    assert.ok(await other.execute('query-status'), 'the other client keeps its session');
    await other.close();
    await stage.tree.clickInlineAction(qemu.address.replace('tcp:', ''), 'Connect');
    await awaitRow(stage.tree, 'shared-vm', { description: 'running' });
  });

  test('a web server: said so, and Connect works once a VM is there instead', async (t) => {
    const peer = await httpServer();
    const label = await addPeerInVain(peer, 'check that this is a QMP monitor');
    await peer[Symbol.asyncDispose]();
    const monitor = `tcp:${label},server=on,wait=off`;
    const qemu = await startQemu({ args: ['-M', 'none', '-name', 'right-vm', '-qmp', monitor] });
    t.after(qemu.kill);
    await stage.tree.clickInlineAction(label, 'Connect');
    await awaitRow(stage.tree, 'right-vm', { description: 'running' });
  });

  test('random bytes', async () => {
    await using peer = await noisyServer();
    await addPeerInVain(peer, /is not a QMP monitor: expected a JSON object, got/);
  });

  const floods = [
    { name: 'a line of 200 MB', open: endlessLine, complaint: /a message of more than \d+ bytes/ },
    { name: 'endless nesting', open: endlessNesting, complaint: /JSON nested deeper than 1024 levels/ },
  ];
  for (const { name, open, complaint } of floods) {
    test(`${name}: given up, and no memory lost on it`, async () => {
      const pid = extensionHostPid(stage);
      const before = peakMemoryBytes(pid);
      await using peer = await open();
      await addPeerInVain(peer, complaint);
      const grown = peakMemoryBytes(pid) - before;
      assert.ok(grown < 60 * MIB, `the extension host took ${(grown / MIB).toFixed(1)} MiB more`);
    });
  }
});
