import * as vscode from 'vscode';
import { RunStore } from '../migration/runStore.ts';
import { systemClock } from '../shared/clock.ts';
import { ChartPanels } from './charts/chartPanels.ts';
import { registerConnectionCommands } from './connections/connectionCommands.ts';
import { connectAddress } from './connections/monitorAddress.ts';
import { pollStates } from './connections/poll.ts';
import { Reconnect } from './connections/reconnect.ts';
import { followRememberedConnections } from './connections/rememberedConnections.ts';
import { VmList } from './connections/vmList.ts';
import { registerCommand, runInBackground } from './errorBoundary.ts';
import { commandIds, settingIds, viewIds } from './ids.ts';
import { LocalPair } from './lab/localPair.ts';
import { startLanguageClient } from './language/languageClient.ts';
import { takeSchemaFromVms } from './language/schemaFromVms.ts';
import { announceRun } from './migrate/announceRun.ts';
import { registerMigrateCommands } from './migrate/migrateCommands.ts';
import { Migrations } from './migrate/migrations.ts';
import { UnfinishedRuns } from './migrate/unfinishedRuns.ts';
import { exportFromPanel } from './runs/exportRun.ts';
import { findRun } from './runs/findRun.ts';
import { registerRunCommands } from './runs/runCommands.ts';
import type { Services } from './services.ts';
import { setContext } from './setContext.ts';
import { VmTree } from './tree/vmTree.ts';

/** Builds the services and registers the features; nothing is asked of any VM before this returns. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('QMP', { log: true });
  const clock = systemClock;
  const vms = new VmList(
    (address, signal) => connectAddress(address, { signal, clock, logger: log, virshPath: virshPath() }),
    log,
  );
  const directory = vscode.Uri.joinPath(context.globalStorageUri, 'runs').fsPath;
  const services: Services = {
    context,
    log,
    clock,
    vms,
    store: new RunStore({ directory, clock, logger: log }),
  };
  const localPair = new LocalPair(services);
  const migrations = new Migrations(services.store, log, (error) =>
    runInBackground(log, () => Promise.reject(error)),
  );
  const unfinished = new UnfinishedRuns(services, migrations, {
    resumed: (run) => announceRun(run, log, () => charts.open(run)),
    ended: (source) => charts.goOn(source),
  });
  const charts = new ChartPanels({
    extensionUri: context.extensionUri,
    clock,
    find: (key) => findRun(key, services.store, migrations, unfinished),
    run: (action) => runInBackground(log, action),
    exportRun: exportFromPanel,
  });
  const tree = new VmTree(vms);
  const view = vscode.window.createTreeView(viewIds.migrations, { treeDataProvider: tree });
  migrations.onDidStart((run) => charts.goOn(run));
  // Disposed in this order: features let go before what they stand on.
  context.subscriptions.push(
    localPair,
    registerConnectionCommands(services),
    registerMigrateCommands({ services, migrations, charts, localPair }),
    registerRunCommands({ services, charts }),
    registerCommand(commandIds.showLog, log, () => log.show()),
    // A migration that is followed is asked ten times as often already.
    pollStates(vms, clock, (vm) => view.visible && !migrations.isSampling(vm, clock.now())),
    new Reconnect(vms, clock),
    followRememberedConnections(services),
    unfinished,
    charts,
    view,
    tree,
    migrations,
    vms,
    log,
  );
  runInBackground(log, async () => {
    await setContext('qmp.ready', true);
    const client = await startLanguageClient(context);
    context.subscriptions.unshift(takeSchemaFromVms(services, client));
  });
}

function virshPath(): string {
  return vscode.workspace.getConfiguration().get<string>(settingIds.virshPath, 'virsh');
}
