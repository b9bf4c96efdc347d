import * as vscode from 'vscode';
import { CancelledError } from '../errorBoundary.ts';
import { presentVm } from '../tree/vmPresentation.ts';
import type { Vm } from './vm.ts';
import type { VmList } from './vmList.ts';

/**
 * The VM that a command is for when it was not started from one in the tree; asks only when there is a choice.
 * @throws Error when no VM qualifies; CancelledError when the user leaves the list
 */
export async function pickVm(vms: VmList, title: string, qualifies: (vm: Vm) => boolean): Promise<Vm> {
  const [first, second] = vms.all.filter(qualifies);
  return first && !second ? first : chooseVm(vms, title, qualifies);
}

/**
 * The same for what is not easily undone: asks also when only one VM qualifies.
 * @throws as `pickVm`
 */
export async function chooseVm(vms: VmList, title: string, qualifies: (vm: Vm) => boolean): Promise<Vm> {
  const candidates = vms.all.filter(qualifies);
  if (candidates.length === 0)
    throw new Error(`${title} None of the ${vms.all.length} VMs in the Migrations view qualifies.`);
  const items = candidates.map((vm) => {
    const { label, description } = presentVm(vm);
    return { label, description, detail: vm.address, vm };
  });
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  if (!chosen) throw new CancelledError();
  return chosen.vm;
}
