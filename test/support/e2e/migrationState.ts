import type { Monitor } from '../../../src/qmp/monitor.ts';
import type { JsonValue } from '../../../src/shared/json.ts';

/** Everything that a migration, or the attempt of one, could have changed in a VM. */
export async function migrationState(monitors: readonly Monitor[]): Promise<Record<string, JsonValue>[]> {
  const queries = ['query-migrate-parameters', 'query-migrate-capabilities', 'query-migrate', 'query-status'];
  return Promise.all(
    monitors.map(async (monitor) => {
      const replies = queries.map(async (query) => [query, await monitor.execute(query)] as const);
      return Object.fromEntries(await Promise.all(replies));
    }),
  );
}
