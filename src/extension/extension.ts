import * as vscode from 'vscode';
import { RunStore } from '../migration/runStore.ts';
import { connectMonitor } from '../qmp/connectMonitor.ts';
import { systemClock } from '../shared/clock.ts';
import { ChartPanels } from './charts/chartPanels.ts';
import { registerConnectionCommands } from './connections/connectionCommands.ts';
import { pollStates } from './connections/poll.ts';
import { Reconnect } from './connections/reconnect.ts';
import { followRememberedConnections } from './connections/rememberedConnections.ts';
import { VmList } from './connections/vmList.ts';
import { registerCommand, runInBackground } from './errorBoundary.ts';
import { commandIds, viewIds } from './ids.ts';
import { LocalPair } from './lab/localPair.ts';
import { registerMigrateCommands } from './migrate/migrateCommands.ts';
import { Migrations } from './migrate/migrations.ts';
import { resumeFollowing } from './migrate/resumeFollowing.ts';
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
  const vms = new VmList((address, signal) => connectMonitor(address, { signal, clock, logger: log }), log);
  const directory = vscode.Uri.joinPath(context.globalStorageUri, 'runs').fsPath;
  const services: Services = {
    context,
    log,
    clock,
    vms,
    store: new RunStore({ directory, clock, logger: log }),
  };
  const migrations = new Migrations(services.store, log);
  const charts = new ChartPanels({
    extensionUri: context.extensionUri,
    clock,
    find: (key) => findRun(key, services.store, migrations),
    run: (action) => runInBackground(log, action),
    exportRun: exportFromPanel,
  });
  const tree = new VmTree(vms);
  const view = vscode.window.createTreeView(viewIds.migrations, { treeDataProvider: tree });
  migrations.onDidStart((run) => charts.goOn(run));
  // In this order at the end, from the last to the first: features let go before what they stand on.
  context.subscriptions.push(
    log,
    vms,
    migrations,
    charts,
    tree,
    view,
    new Reconnect(vms, clock),
    pollStates(vms, clock, () => view.visible),
    registerConnectionCommands(services),
    registerMigrateCommands({ services, migrations, charts }),
    registerRunCommands({ services, charts }),
    new LocalPair(services),
    registerCommand(commandIds.showLog, log, () => log.show()),
    followRememberedConnections(services),
  );
  runInBackground(log, async () => {
    context.subscriptions.push(await resumeFollowing(services, migrations));
    await setContext('qmp.ready', true);
  });
}
