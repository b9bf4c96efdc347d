/** Every command, view, setting and context key of the extension; a test compares them with package.json both ways. */

export const commandIds = {
  addConnection: 'qmp.addConnection',
  removeConnection: 'qmp.removeConnection',
  connect: 'qmp.connect',
  disconnect: 'qmp.disconnect',
  copyAddress: 'qmp.copyAddress',
  migrate: 'qmp.migrate',
  watchMigration: 'qmp.watchMigration',
  cancelMigration: 'qmp.cancelMigration',
  openRun: 'qmp.openRun',
  exportRun: 'qmp.exportRun',
  startLocalPair: 'qmp.startLocalPair',
  stopLocalPair: 'qmp.stopLocalPair',
  restartLocalPair: 'qmp.restartLocalPair',
  showLog: 'qmp.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = { migrations: 'qmp.migrations' } as const;

export const webviewIds = { chart: 'qmp.chart' } as const;

export const settingIds = {
  connections: 'qmp.connections',
  qemuPath: 'qmp.qemuPath',
  virshPath: 'qmp.virshPath',
  workingSetMiB: 'qmp.lab.workingSetMiB',
  dirtyRateMiBPerSecond: 'qmp.lab.dirtyRateMiBPerSecond',
  bandwidthUnit: 'qmp.chart.bandwidthUnit',
} as const;

/** Context keys that `when` clauses of package.json read. */
export interface ContextKeys {
  /** The view knows its connections: welcome content may show. */
  'qmp.ready': boolean;
  'qmp.pairRunning': boolean;
}

/** Words of a tree item's `contextValue`, matched by `when` clauses as whole words. */
export type ItemFlag = 'connected' | 'offline' | 'canMigrate' | 'canCancel' | 'migrating' | 'remembered';
