import * as vscode from 'vscode';
import type { RunRecord } from '../../shared/runRecord.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import type { FollowedRun } from './migrations.ts';

/** A notification for as long as the migration runs; its Cancel button cancels the migration. */
export async function showProgress(run: FollowedRun): Promise<RunRecord> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Migrating ${run.vm.name}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const report = (): void => progress.report({ message: progressText(run.record) });
    const updates = run.live.onUpdate(report);
    const cancelling = new Promise<void>((_resolve, reject) => {
      token.onCancellationRequested(() => {
        progress.report({ message: 'cancelling…' });
        run.watch.cancel().catch(reject);
      });
    });
    try {
      return (await Promise.race([run.recorded, cancelling])) ?? run.record;
    } finally {
      updates.dispose();
    }
  });
}

/** e.g. "pass 12 · 16.0 MiB remaining, switches over below 9.6 MiB" */
export function progressText({ samples }: RunRecord): string {
  const last = samples.at(-1);
  if (!last) return 'starting…';
  if (last.status !== 'active' || last.remaining === undefined) return last.status;
  const threshold =
    last.threshold === undefined ? '' : `, switches over below ${formatBytes(last.threshold)}`;
  return `pass ${last.pass ?? '?'} · ${formatBytes(last.remaining)} remaining${threshold}`;
}

/** What became of it, for the message at the end. */
export function outcomeText(name: string, { result }: RunRecord): { text: string; failed: boolean } {
  if (!result)
    return { text: `The migration of ${name} goes on, but is not followed any more.`, failed: false };
  const { status, totalTimeMs, downtimeMs, passes, error } = result;
  if (status === 'completed') {
    const facts = [
      totalTimeMs === undefined ? undefined : `in ${formatDuration(totalTimeMs)}`,
      downtimeMs === undefined ? undefined : `downtime ${formatDuration(downtimeMs)}`,
      passes === undefined ? undefined : `${passes} passes`,
    ].filter((fact) => fact !== undefined);
    return { text: `${name} has migrated: ${facts.join(', ')}.`, failed: false };
  }
  if (status === 'cancelled')
    return { text: `The migration of ${name} was cancelled; the VM runs on here.`, failed: false };
  return { text: `The migration of ${name} ended as "${status}"${error ? `: ${error}` : '.'}`, failed: true };
}
