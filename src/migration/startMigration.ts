import type { Monitor } from '../qmp/monitor.ts';
import type { Clock } from '../shared/clock.ts';
import type { ExactInteger, JsonObject } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { beginWatch } from './beginWatch.ts';
import { ChangeLog } from './changeLog.ts';
import { MigrationError } from './errors.ts';
import { type Incoming, listen } from './incomingAddress.ts';
import { declarability, declaredBandwidthName, queryMigrateParameters } from './migrateParameters.ts';
import type { MigrationWatch } from './migrationWatch.ts';
import { checkDestination, checkSource } from './preflight.ts';
import { readCapabilities } from './runStart.ts';

export interface StartOptions {
  source: Monitor;
  /** A VM that waits for a migration (`-incoming defer`); it is told to listen. */
  destination?: Monitor;
  /** Migration URI; needed without `destination`. With it the destination listens there. */
  destinationUri?: string;
  /** Bytes per second; 0 or absent: not declared, whatever was declared before. */
  declaredBandwidth?: ExactInteger;
  /** Bytes per second, 0 = no limit; absent: as it is. */
  maxBandwidth?: ExactInteger;
  /** 0 to 2 000 000; absent: as it is. */
  downtimeLimitMs?: ExactInteger;
  /** Of the source; asked of it when absent. */
  vmName?: string;
  /** Name of the destination, for the record. */
  destinationVm?: string;
  /** Where a socket may be made; the system's directory for temporary files by default. */
  socketDirectory?: string;
  signal?: AbortSignal;
  clock: Clock;
  logger: Logger;
}

/** These concern the source alone; a destination may refuse them for reasons of its own. */
const sourceOnly: ReadonlySet<string> = new Set([
  'auto-converge',
  'background-snapshot',
  'dirty-limit',
  'pause-before-switchover',
  'zero-copy-send',
]);

/**
 * Checks everything, sets capabilities and parameters, starts the migration and follows it. When anything is refused,
 * what was changed before is put back. Aborting before the migration has begun undoes it all; after, it cancels the migration and
 * returns the watch at its true end.
 * @throws MigrationError when the VMs are not fit for it; then nothing was changed
 * @throws QmpCommandError with QEMU's own words when it refuses a value or the migration
 * @throws the signal's reason when aborted before the migration began
 */
export async function startMigration(options: StartOptions): Promise<MigrationWatch> {
  const { source, destination, signal, logger } = options;
  signal?.throwIfAborted();
  if (destination) await checkDestination(destination, source);
  else if (!options.destinationUri) throw new MigrationError('No destination was given.');
  await checkSource(source);
  const before = await queryMigrateParameters(source);
  const values = wantedParameters(options, before);
  const log = new ChangeLog(logger);
  let incoming: Incoming | undefined;
  try {
    signal?.throwIfAborted();
    await setCapabilities(log, source, destination, logger);
    await log.setParameters(source, values, before);
    signal?.throwIfAborted();
    incoming = await place(options);
    signal?.throwIfAborted();
    const watch = await begin(options, incoming.uri);
    const { remove } = incoming;
    void watch.finished
      .then((record) => {
        // A watch that is disposed at once leaves a source that has still to find the socket.
        if (hasConnected(record)) remove();
      })
      .catch((error: unknown) => logger.warn(`temporary socket: ${String(error)}`));
    if (signal?.aborted) await watch.cancel();
    return watch;
  } catch (error) {
    incoming?.remove();
    await log.undo();
    throw error;
  }
}

function hasConnected({ result, samples }: RunRecord): boolean {
  return result !== undefined || samples.some(({ status }) => status !== 'setup');
}

function begin(options: StartOptions, uri: string): Promise<MigrationWatch> {
  const { source, destination, destinationVm, vmName, clock, logger } = options;
  return beginWatch({
    source,
    clock,
    logger,
    via: 'qmp',
    destinationUri: uri,
    ...(destinationVm === undefined ? {} : { destinationVm }),
    ...(destination === undefined ? {} : { destination }),
    ...(vmName === undefined ? {} : { vmName }),
    start: async () => {
      await source.execute('migrate', { uri });
    },
  });
}

async function place(options: StartOptions): Promise<Incoming> {
  const { source, destination, destinationUri, socketDirectory, logger } = options;
  if (!destination) return { uri: destinationUri ?? '', remove: () => {} };
  return listen({
    source,
    destination,
    logger,
    ...(destinationUri === undefined ? {} : { uri: destinationUri }),
    ...(socketDirectory === undefined ? {} : { socketDirectory }),
  });
}

/** "Not declared" is set as 0, so that a value of an earlier migration does not linger. */
function wantedParameters(options: StartOptions, before: JsonObject): JsonObject {
  const { source, declaredBandwidth, maxBandwidth, downtimeLimitMs } = options;
  const { possible, reason } = declarability(before, source);
  if (declaredBandwidth && !possible)
    throw new MigrationError(reason ?? 'This QEMU takes no declared bandwidth.');
  return {
    ...(possible ? { [declaredBandwidthName]: declaredBandwidth ?? 0 } : {}),
    ...(maxBandwidth === undefined ? {} : { 'max-bandwidth': maxBandwidth }),
    ...(downtimeLimitMs === undefined ? {} : { 'downtime-limit': downtimeLimitMs }),
  };
}

/** `events` on both sides, where known, and the destination's other capabilities as the source's: QEMU refuses many differences only in mid-stream. */
async function setCapabilities(
  log: ChangeLog,
  source: Monitor,
  destination: Monitor | undefined,
  logger: Logger,
): Promise<void> {
  const ours = await readCapabilities(source);
  const theirs = destination ? await readCapabilities(destination) : undefined;
  if (ours.get('events') === false) await log.setCapabilities(source, new Map([['events', true]]));
  if (!destination || !theirs) return;
  const wanted = new Map<string, boolean>();
  for (const [capability, state] of ours) {
    if (sourceOnly.has(capability)) continue;
    const on = state || capability === 'events';
    if (!theirs.has(capability)) {
      if (on)
        logger.warn(`${destination.address} does not know the capability "${capability}" of the source`);
    } else if (theirs.get(capability) !== on) wanted.set(capability, on);
  }
  await log.setCapabilities(destination, wanted);
}
