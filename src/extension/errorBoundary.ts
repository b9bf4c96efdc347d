import * as vscode from 'vscode';
import { type CommandId, commandIds } from './ids.ts';

/** The user left a dialog or pressed Cancel: not an error, and nothing to say about it. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/**
 * Registers a command whose failures reach the user: the one place where an error becomes a message.
 * What is typed wrong is for the dialogs to tell; here arrives what could not be done.
 */
export function registerCommand<T extends unknown[]>(
  id: CommandId,
  log: vscode.LogOutputChannel,
  run: (...args: T) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: T) => {
    try {
      await run(...args);
    } catch (error) {
      await showError(log, error);
    }
  });
}

/** Runs what nobody waits for; its failure goes to the user like that of a command. */
export function runInBackground(log: vscode.LogOutputChannel, run: () => Promise<unknown>): void {
  run().catch((error: unknown) => showError(log, error));
}

async function showError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  if (error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError')) return;
  log.error(error instanceof Error ? error : String(error));
  const message = error instanceof Error ? error.message : String(error);
  const choice = await vscode.window.showErrorMessage(message, 'Show Log');
  if (choice) await vscode.commands.executeCommand(commandIds.showLog);
}
