import * as vscode from 'vscode';
import { DisposableList } from '../../shared/disposable.ts';
import { CancelledError, registerCommand } from '../errorBoundary.ts';
import { commandIds } from '../ids.ts';
import type { Services } from '../services.ts';
import { forgetConnection, rememberConnection } from './connectionSettings.ts';
import { canonicalAddress } from './monitorAddress.ts';
import { chooseVm, pickVm } from './pickVm.ts';
import type { Vm } from './vm.ts';

export function registerConnectionCommands({ vms, log }: Services): vscode.Disposable {
  const own = new DisposableList();
  own.add(
    registerCommand(commandIds.addConnection, log, async () => {
      const address = await askAddress();
      const vm = vms.add(address, { remembered: true });
      await rememberConnection({ address });
      await connect(vm);
    }),
  );
  own.add(
    registerCommand(commandIds.removeConnection, log, async (given?: Vm) => {
      const vm =
        given ?? (await chooseVm(vms, 'Remove which connection?', (candidate) => candidate.remembered));
      await forgetConnection(vm.address);
      vms.remove(vm);
    }),
  );
  own.add(
    registerCommand(commandIds.connect, log, async (given?: Vm) => {
      await connect(
        given ?? (await pickVm(vms, 'Connect to which VM?', ({ state }) => state.kind === 'offline')),
      );
    }),
  );
  own.add(
    registerCommand(commandIds.disconnect, log, async (given?: Vm) => {
      const vm =
        given ?? (await pickVm(vms, 'Disconnect which VM?', ({ state }) => state.kind === 'connected'));
      await vm.disconnect();
    }),
  );
  own.add(
    registerCommand(commandIds.copyAddress, log, async (given?: Vm) => {
      const vm = given ?? (await pickVm(vms, 'Copy the address of which VM?', () => true));
      await vscode.env.clipboard.writeText(vm.address);
    }),
  );
  return own;
}

async function connect(vm: Vm): Promise<void> {
  const progress = { location: { viewId: 'qmp.migrations' }, title: `Connecting to ${vm.address}` };
  await vscode.window.withProgress(progress, () => vm.connect());
}

async function askAddress(): Promise<string> {
  const text = await vscode.window.showInputBox({
    title: 'QMP: Add Connection',
    prompt: 'QMP monitor: unix:/path/to/socket or tcp:host:port; libvirt domain: qemu:///system#vm1',
    placeHolder: 'unix:/run/vm/qmp.sock',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? undefined : complaintAbout(value)),
  });
  if (!text?.trim()) throw new CancelledError();
  return canonicalAddress(text);
}

function complaintAbout(address: string): string | undefined {
  try {
    canonicalAddress(address);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
