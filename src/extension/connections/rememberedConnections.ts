import * as vscode from 'vscode';
import { settingIds } from '../ids.ts';
import type { Services } from '../services.ts';
import { readConnections } from './connectionSettings.ts';

/**
 * Keeps the tree in step with the setting `qmp.connections`, and connects to each VM that is new there. One that
 * can't be reached shows so in the tree, with the reason: a message for each would only be in the way.
 */
export function followRememberedConnections(services: Services): vscode.Disposable {
  follow(services);
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(settingIds.connections)) follow(services);
  });
}

function follow({ vms, log }: Services): void {
  const saved = readConnections(log);
  const addresses = new Set(saved.map(({ address }) => address));
  for (const vm of vms.all) {
    if (vm.remembered && !addresses.has(vm.address)) vms.remove(vm);
  }
  for (const { address, name } of saved) {
    if (vms.find(address)) continue;
    const vm = vms.add(address, { remembered: true, ...(name !== undefined && { name }) });
    vm.connect().catch((error: unknown) => log.warn(`${address}: ${String(error)}`));
  }
}
