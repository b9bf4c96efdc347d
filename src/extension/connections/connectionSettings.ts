import * as vscode from 'vscode';
import type { Logger } from '../../shared/logger.ts';
import { settingIds } from '../ids.ts';
import { isSavedAt, type SavedConnection, savedConnections } from './savedConnections.ts';

/** The remembered connections. */
export function readConnections(logger: Logger): SavedConnection[] {
  return savedConnections(setting(), (fault) => logger.error(`setting ${settingIds.connections}: ${fault}`));
}

/** Adds a connection to the setting, unless it is there. Entries that we can't read stay as they are. */
export async function rememberConnection(connection: SavedConnection): Promise<void> {
  const saved = entries();
  if (saved.some((entry) => isSavedAt(entry, connection.address))) return;
  await write([...saved, connection]);
}

export async function forgetConnection(address: string): Promise<void> {
  await write(entries().filter((entry) => !isSavedAt(entry, address)));
}

function setting(): unknown {
  return vscode.workspace.getConfiguration().get<unknown>(settingIds.connections);
}

function entries(): unknown[] {
  const value = setting();
  return Array.isArray(value) ? value : [];
}

async function write(connections: unknown[]): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(settingIds.connections, connections, vscode.ConfigurationTarget.Global);
}
