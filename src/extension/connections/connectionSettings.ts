import * as vscode from 'vscode';
import type { Logger } from '../../shared/logger.ts';
import { settingIds } from '../ids.ts';
import { canonicalAddress } from './monitorAddress.ts';

/** A VM of the setting `qmp.connections`. */
export interface SavedConnection {
  address: string;
  name?: string;
}

/** The remembered connections. Bad entries, which people may type by hand, are told in the log and left out. */
export function readConnections(logger: Logger): SavedConnection[] {
  const saved = vscode.workspace.getConfiguration().get<SavedConnection[]>(settingIds.connections) ?? [];
  return saved.flatMap(({ address, name }) => {
    try {
      return [{ address: canonicalAddress(address), ...(name && { name }) }];
    } catch (error) {
      logger.error(
        `setting ${settingIds.connections}: ${error instanceof Error ? error.message : String(error)}`,
      );
      return [];
    }
  });
}

/** Adds a connection to the setting, unless it is there. Entries that we can't read stay as they are. */
export async function rememberConnection(connection: SavedConnection): Promise<void> {
  const saved = vscode.workspace.getConfiguration().get<SavedConnection[]>(settingIds.connections) ?? [];
  if (saved.some((entry) => isAt(entry, connection.address))) return;
  await write([...saved, connection]);
}

export async function forgetConnection(address: string): Promise<void> {
  const saved = vscode.workspace.getConfiguration().get<SavedConnection[]>(settingIds.connections) ?? [];
  await write(saved.filter((entry) => !isAt(entry, address)));
}

function isAt(entry: SavedConnection, address: string): boolean {
  try {
    return canonicalAddress(entry.address) === address;
  } catch {
    return false; // not readable: not the one meant
  }
}

async function write(connections: SavedConnection[]): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(settingIds.connections, connections, vscode.ConfigurationTarget.Global);
}
