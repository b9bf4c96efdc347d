import * as vscode from 'vscode';
import { DisposableList } from '../../shared/disposable.ts';
import type { Vm } from '../connections/vm.ts';
import type { VmList } from '../connections/vmList.ts';
import { presentVm } from './vmPresentation.ts';
import { vmTooltip } from './vmTooltip.ts';

/** The view "Migrations": the VMs by connection. Reading it has no side effects. */
export class VmTree implements vscode.TreeDataProvider<Vm>, vscode.Disposable {
  private readonly vms: VmList;
  private readonly changes = new vscode.EventEmitter<Vm | undefined>();
  private readonly disposables = new DisposableList();

  readonly onDidChangeTreeData = this.changes.event;

  constructor(vms: VmList) {
    this.vms = vms;
    this.disposables.add(this.changes);
    this.disposables.add(vms.onDidChange((vm) => this.changes.fire(vm)));
  }

  getChildren(parent?: Vm): Vm[] {
    return parent ? [] : this.vms.all;
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(vm: Vm): vscode.TreeItem {
    const look = presentVm(vm);
    const item = new vscode.TreeItem(look.label, vscode.TreeItemCollapsibleState.None);
    item.id = vm.address;
    item.description = look.description;
    item.iconPath = new vscode.ThemeIcon(
      look.icon,
      look.color ? new vscode.ThemeColor(look.color) : undefined,
    );
    item.contextValue = look.flags.join(' ');
    item.accessibilityInformation = { label: look.accessibleLabel };
    item.tooltip = vmTooltip(vm);
    return item;
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
