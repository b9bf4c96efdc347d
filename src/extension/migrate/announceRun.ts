import * as vscode from 'vscode';
import { runInBackground } from '../errorBoundary.ts';
import { outcomeText } from './migrationProgress.ts';
import type { FollowedRun } from './migrations.ts';
import { showProgress } from './showProgress.ts';

/** Shows the progress of a migration until it ends, then what became of it. */
export async function announceRun(
  run: FollowedRun,
  log: vscode.LogOutputChannel,
  openChart: () => void,
): Promise<void> {
  const record = await showProgress(run);
  const { text, failed } = outcomeText(run.vm.name, record);
  const show = failed ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  // The message stays until it is read: nobody waits for that.
  runInBackground(log, async () => {
    if (await show(text, 'Show Chart')) openChart();
  });
}
