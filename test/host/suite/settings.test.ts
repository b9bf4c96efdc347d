import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const { Global, Workspace } = vscode.ConfigurationTarget;

function setting(id: string): unknown {
  return vscode.workspace.getConfiguration().get(id);
}

describe('settings that name a program or a place', () => {
  const values: [id: string, value: unknown][] = [
    ['qmp.connections', [{ address: 'unix:/run/of/the/workspace.sock' }]],
    ['qmp.qemuPath', '/of/the/workspace/qemu'],
    ['qmp.virshPath', '/of/the/workspace/virsh'],
    ['qmp.lab.workingSetMiB', 32],
    ['qmp.lab.dirtyRateMiBPerSecond', 64],
  ];

  for (const [id, value] of values) {
    it(`${id} can not be written into a workspace`, async () => {
      const before = setting(id);
      const configuration = vscode.workspace.getConfiguration();
      await assert.rejects(
        async () => configuration.update(id, value, Workspace),
        /does not support|can not be|can be written only|Unable to write/i,
      );
      assert.deepEqual(setting(id), before);
    });

    it(`${id} is the user's to set`, async () => {
      await vscode.workspace.getConfiguration().update(id, value, Global);
      assert.deepEqual(setting(id), value);
      await vscode.workspace.getConfiguration().update(id, undefined, Global);
    });
  }
});
