import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Some 50 ms on an idle machine, the editor's own errands included; tests run on busy ones. */
const LONGEST_ACTIVATION_MS = 1_000;
const DEADLINE_MS = 20_000;

interface Manifest {
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } };
}

function ours(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('vscode-qmp.vscode-qmp');
  assert.ok(extension, 'the extension is not installed');
  return extension;
}

async function untilActive(): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!ours().isActive) {
    assert.ok(performance.now() < end, `the extension was not activated within ${DEADLINE_MS} ms`);
    await delay(5);
  }
}

// First of all suites: later ones use the extension, and once active it stays so.
describe('activation', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'qmp-activation-'));
  });

  after(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string): Promise<vscode.Uri> {
    await writeFile(path.join(folder, name), content);
    return vscode.Uri.file(path.join(folder, name));
  }

  it('does not happen while nothing of ours is used', async () => {
    assert.equal(ours().isActive, false, 'active in a window that has just been opened');
    await vscode.workspace.openTextDocument(await file('other.json', '{"execute": "query-status"}'));
    await vscode.commands.executeCommand('workbench.view.explorer');
    await vscode.commands.getCommands(true);
    assert.equal(ours().isActive, false, 'active after a document and a view of others');
  });

  it('happens at once for a .qmp document', async () => {
    await vscode.workspace.openTextDocument(await file('vm.qmp', 'query-status\n'));
    const opened = performance.now();
    await untilActive();
    const took = performance.now() - opened;
    assert.ok(took < LONGEST_ACTIVATION_MS, `it took ${took.toFixed(0)} ms`);
  });

  it('offers every command that package.json declares', async () => {
    const { contributes } = ours().packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands
      .map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
