import { basename } from 'node:path';
import { latestParameters } from '../../migration/parameterTimeline.ts';
import type { RunStore } from '../../migration/runStore.ts';
import type { RunRecord } from '../../shared/runRecord.ts';
import { formatBandwidth, formatDuration } from '../../shared/units.ts';

export interface RunItem {
  label: string;
  description: string;
  detail: string;
  path: string;
}

/** How a run looks in a list. One that can't be read says why instead of hiding. */
export async function runItem(store: RunStore, path: string): Promise<RunItem> {
  try {
    return { path, ...describeRun(await store.open(path)) };
  } catch (error) {
    return {
      path,
      label: `$(error) ${basename(path)}`,
      description: 'can not be opened',
      detail: why(error),
    };
  }
}

function describeRun(record: RunRecord): Omit<RunItem, 'path'> {
  const { result, vm, startedAt } = record;
  const icon =
    result?.status === 'completed' ? 'pass' : result?.status === 'cancelled' ? 'circle-slash' : 'error';
  // The last one: it may have been declared in mid-migration.
  const declared = latestParameters(record).declaredBandwidth ?? 0;
  const facts = [
    result?.status ?? 'not finished',
    result?.passes === undefined ? undefined : `${result.passes} passes`,
    result?.totalTimeMs === undefined ? undefined : formatDuration(result.totalTimeMs),
    result?.downtimeMs === undefined ? undefined : `downtime ${formatDuration(result.downtimeMs)}`,
    BigInt(declared) === 0n ? 'nothing declared' : `${formatBandwidth(declared, 'MiB/s')} declared`,
  ].filter((fact) => fact !== undefined);
  return {
    label: `$(${icon}) ${vm.name}`,
    description: new Date(startedAt).toLocaleString(),
    detail: facts.join(' · '),
  };
}

/** The cause alone: the list shows which file it is about. */
function why(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
