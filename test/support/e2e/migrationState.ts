import type { Monitor } from '../../../src/qmp/monitor.ts';
import type { JsonValue } from '../../../src/shared/json.ts';

const SETTINGS = ['query-migrate-parameters', 'query-migrate-capabilities'];

/** Everything that a migration, or the attempt of one, could have changed in these VMs. */
export function migrationState(monitors: readonly Monitor[]): Promise<Record<string, JsonValue>[]> {
  return ask(monitors, [...SETTINGS, 'query-migrate', 'query-status']);
}

/** Their parameters and capabilities alone. */
export function migrationSettings(monitors: readonly Monitor[]): Promise<Record<string, JsonValue>[]> {
  return ask(monitors, SETTINGS);
}

async function ask(
  monitors: readonly Monitor[],
  queries: readonly string[],
): Promise<Record<string, JsonValue>[]> {
  return Promise.all(
    monitors.map(async (monitor) => {
      const replies = queries.map(async (query) => [query, await monitor.execute(query)] as const);
      return Object.fromEntries(await Promise.all(replies));
    }),
  );
}
