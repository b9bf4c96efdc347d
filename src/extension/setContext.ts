import * as vscode from 'vscode';
import type { ContextKeys } from './ids.ts';

/** Sets a context key that `when` clauses of package.json read. */
export async function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): Promise<void> {
  await vscode.commands.executeCommand('setContext', key, value);
}
