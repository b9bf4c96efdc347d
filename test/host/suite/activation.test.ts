import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('offers every command that package.json declares', async () => {
    const extension = vscode.extensions.getExtension('vscode-qmp.vscode-qmp');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    const declared: { command: string }[] = extension.packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
