import * as vscode from 'vscode';
import type { RunRecord } from '../../shared/runRecord.ts';
import { progressText } from './migrationProgress.ts';
import type { FollowedRun } from './migrations.ts';

/** A notification for as long as the migration runs; its Cancel button cancels the migration, where that is ours to do. */
export async function showProgress(run: FollowedRun): Promise<RunRecord> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Migrating ${run.vm.name}`,
    cancellable: run.live.cancel !== undefined,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const report = (): void => progress.report({ message: progressText(run.record) });
    const updates = run.live.onUpdate(report);
    const cancelling = new Promise<void>((_resolve, reject) => {
      token.onCancellationRequested(() => {
        progress.report({ message: 'cancelling…' });
        run.live.cancel?.().catch(reject);
      });
    });
    try {
      return (await Promise.race([run.recorded, cancelling])) ?? run.record;
    } finally {
      updates.dispose();
    }
  });
}
