import type * as vscode from 'vscode';
import type { RunStore } from '../migration/runStore.ts';
import type { Clock } from '../shared/clock.ts';
import type { VmList } from './connections/vmList.ts';

/** What the features share. Built once, in `activate`. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly clock: Clock;
  readonly vms: VmList;
  readonly store: RunStore;
}
