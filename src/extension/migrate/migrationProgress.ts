import type { RunRecord } from '../../shared/runRecord.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';

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
      downtimeMs === undefined ? undefined : `downtime ${formatDuration(downtimeMs)}`,
      passes === undefined ? undefined : `${passes} passes`,
    ].filter((fact) => fact !== undefined);
    const time = totalTimeMs === undefined ? '' : ` in ${formatDuration(totalTimeMs)}`;
    return { text: `${name} has migrated${time}: ${facts.join(', ')}.`, failed: false };
  }
  if (status === 'cancelled')
    return { text: `The migration of ${name} was cancelled; the VM runs on here.`, failed: false };
  if (status === 'lost')
    return { text: `The migration of ${name} is not followed any more. ${error ?? ''}`.trim(), failed: true };
  return { text: `The migration of ${name} ended as "${status}"${error ? `: ${error}` : '.'}`, failed: true };
}
