import path from 'node:path';
import { until } from '../../../scripts/process/until.ts';
import { isJsonObject, type JsonObject } from '../../../src/shared/json.ts';
import type { ControlledPair } from './controlledPair.ts';

/** Lets the source migrate to the destination as another client would: by the second monitors. */
export async function startForeignMigration(
  { source, destination, directory }: ControlledPair,
  parameters: JsonObject,
): Promise<void> {
  const uri = `unix:${path.join(directory, 'foreign.sock')}`;
  await destination.control.execute('migrate-incoming', { uri });
  await source.control.execute('migrate-set-parameters', parameters);
  await source.control.execute('migrate', { uri });
}

/** The same with enough declared that it ends at once; resolves when it has. */
export async function migrateBehindTheBack(pair: ControlledPair): Promise<void> {
  await startForeignMigration(pair, { 'avail-switchover-bandwidth': 1_000_000_000 });
  await until('the foreign migration to complete', async () => {
    const reply = await pair.source.control.execute('query-migrate');
    return isJsonObject(reply) && reply['status'] === 'completed';
  });
}
