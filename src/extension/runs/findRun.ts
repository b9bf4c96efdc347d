import { isAbsolute } from 'node:path';
import type { RunStore } from '../../migration/runStore.ts';
import type { ChartSource } from '../charts/chartSource.ts';
import type { Migrations } from '../migrate/migrations.ts';
import type { UnfinishedRuns } from '../migrate/unfinishedRuns.ts';

/**
 * The run that a key names: one that is being followed, one that waits for its VM, or one on disk. A file from outside
 * the store has its path as key.
 * @throws MigrationError when there is no such run any more
 */
export async function findRun(
  key: string,
  store: RunStore,
  migrations: Migrations,
  unfinished: UnfinishedRuns,
): Promise<ChartSource> {
  const known = migrations.find(key) ?? (await unfinished.find(key)) ?? migrations.find(key);
  if (known) return known;
  return { key, record: await store.open(isAbsolute(key) ? key : store.pathOf(key)) };
}
