import type { RunRecord } from '../shared/runRecord.ts';

const longestVmName = 60;

/** The name of a run's files without their endings: when it began and which VM, safe on every file system. */
export function runName({ startedAt, vm }: Pick<RunRecord, 'startedAt' | 'vm'>): string {
  const name = vm.name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longestVmName);
  return `${startedAt.replaceAll(':', '-')}-${name.replace(/-+$/, '') || 'vm'}`;
}
