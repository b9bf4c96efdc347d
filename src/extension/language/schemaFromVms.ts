import * as vscode from 'vscode';
import { stringifyExact } from '../../qmp/exactJson.ts';
import type { Monitor } from '../../qmp/monitor.ts';
import type { Vm } from '../connections/vm.ts';
import { runInBackground } from '../errorBoundary.ts';
import type { Services } from '../services.ts';
import { type LanguageClientHandle, QMP_LANGUAGE } from './languageClient.ts';

/**
 * Lets `.qmp` documents go by the schema of a connected VM, the first in the tree. QEMU is asked only when such a
 * document is open: the reply has some 240 KB.
 */
export function takeSchemaFromVms(services: Services, client: LanguageClientHandle): vscode.Disposable {
  const { vms, log } = services;
  let taken: Monitor | undefined;
  const consider = (): void => {
    const vm = vms.all.find(({ state }) => state.kind === 'connected');
    const isWanted = vscode.workspace.textDocuments.some(({ languageId }) => languageId === QMP_LANGUAGE);
    if (!isWanted || !vm?.monitor || vm.monitor === taken) return;
    taken = vm.monitor;
    runInBackground(log, () => take(vm, vm.monitor, client));
  };
  const changes = vms.onDidChange(consider);
  const documents = vscode.workspace.onDidOpenTextDocument(consider);
  consider();
  return new vscode.Disposable(() => {
    changes.dispose();
    documents.dispose();
  });
}

async function take(vm: Vm, monitor: Monitor | undefined, client: LanguageClientHandle): Promise<void> {
  const schema = await monitor?.execute('query-qmp-schema');
  if (!monitor?.version || schema === undefined) return;
  const { major, minor, micro } = monitor.version;
  await client.useSchema(`QEMU ${major}.${minor}.${micro} of ${vm.name}`, stringifyExact(schema));
}
