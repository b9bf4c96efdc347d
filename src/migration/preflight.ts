import type { Monitor } from '../qmp/monitor.ts';
import { isJsonObject } from '../shared/json.ts';
import { MigrationError } from './errors.ts';
import { isRunning, readMigrationReport } from './queryMigrate.ts';

const startable: ReadonlySet<string> = new Set(['running', 'paused', 'prelaunch', 'suspended']);

/**
 * Only looks.
 * @throws MigrationError when this VM cannot be migrated now, saying why
 */
export async function checkSource(source: Monitor): Promise<void> {
  if (source.state !== 'running')
    throw new MigrationError(`${source.address} is not connected: connect to it first.`);
  const report = readMigrationReport(await source.execute('query-migrate'));
  if (isRunning(report.status)) {
    throw new MigrationError(
      `${source.address} is migrating already (${report.status}): watch that migration, or cancel it first.`,
    );
  }
  const reason = report.blockedReasons?.join('; ');
  if (reason) throw new MigrationError(`${source.address} cannot be migrated: ${reason}`);
  const status = await runState(source);
  if (startable.has(status)) return;
  const hint = status === 'postmigrate' ? ': it was migrated before, its guest runs elsewhere' : '';
  throw new MigrationError(`${source.address} is in the state "${status}"${hint}. It cannot be migrated.`);
}

/** @throws MigrationError unless this VM waits for a migration */
export async function checkDestination(destination: Monitor, source: Monitor): Promise<void> {
  if (destination === source || destination.address === source.address) {
    throw new MigrationError('Source and destination are the same VM.');
  }
  if (destination.state !== 'running') {
    throw new MigrationError(`${destination.address} is not connected: connect to it first.`);
  }
  const status = await runState(destination);
  if (status === 'inmigrate') return;
  throw new MigrationError(
    `${destination.address} does not wait for a migration (state "${status}"): start it with -incoming defer.`,
  );
}

async function runState(monitor: Monitor): Promise<string> {
  const reply = await monitor.execute('query-status');
  return isJsonObject(reply) && typeof reply['status'] === 'string' ? reply['status'] : 'unknown';
}
