import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QmpCommandError } from '../qmp/errors.ts';
import type { Monitor } from '../qmp/monitor.ts';
import { isJsonObject, type JsonValue } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import { MigrationError } from './errors.ts';

/** Where the destination listens now. */
export interface Incoming {
  /** For `migrate` on the source. */
  uri: string;
  /** Removes what was made on this machine for it, at once, so that a process about to end leaves nothing. Idempotent. */
  remove(): void;
}

export interface ListenOptions {
  source: Monitor;
  destination: Monitor;
  /** Listen there instead of in a place of our choice. */
  uri?: string;
  /** A private directory for the socket is made in it; the system's directory for temporary files by default. */
  socketDirectory?: string;
  logger: Logger;
}

/** sun_path of sockaddr_un holds 108 bytes with the final NUL. */
const longestSocketPath = 107;

const nothing = (): void => {};

/**
 * Lets the destination listen (`migrate-incoming`): where the user says; else, when both VMs run here, at a Unix socket that
 * nobody else may open; else at a free TCP port of the destination's host.
 * @throws QmpCommandError when QEMU refuses
 * @throws MigrationError when there is no address at which the source could reach it
 */
export async function listen(options: ListenOptions): Promise<Incoming> {
  const { source, destination, uri } = options;
  if (uri !== undefined) {
    await destination.execute('migrate-incoming', { uri });
    return { uri, remove: nothing };
  }
  const onSocket = source.isLocal && destination.isLocal ? await listenOnSocket(options) : undefined;
  return onSocket ?? listenOnPort(source, destination);
}

async function listenOnSocket({
  destination,
  socketDirectory,
  logger,
}: ListenOptions): Promise<Incoming | undefined> {
  // mkdtemp gives mode 0700.
  const directory = await mkdtemp(join(socketDirectory ?? tmpdir(), 'qmp-migrate-'));
  const path = join(directory, 'migrate.sock');
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    if (Buffer.byteLength(path) > longestSocketPath)
      throw new MigrationError(`${path} is too long for a socket`);
    const uri = `unix:${path}`;
    await destination.execute('migrate-incoming', { uri });
    return { uri, remove };
  } catch (error) {
    remove();
    // A QEMU that runs as another user, or in a container, may not use a path of ours, but it has the same loopback.
    if (!(error instanceof QmpCommandError || error instanceof MigrationError)) throw error;
    logger.info(
      `${destination.address}: no Unix socket for the migration (${error.message}); taking a TCP port`,
    );
    return undefined;
  }
}

async function listenOnPort(source: Monitor, destination: Monitor): Promise<Incoming> {
  const host = hostFor(source, destination);
  await destination.execute('migrate-incoming', { uri: `tcp:${host}:0` });
  const port = listeningPort(await destination.execute('query-migrate'));
  if (port === undefined) {
    throw new MigrationError(
      `${destination.address} listens, but does not tell on which port. Restart it with -incoming defer and give the URI yourself, e.g. tcp:${host}:4444.`,
    );
  }
  return { uri: `tcp:${host}:${port}`, remove: nothing };
}

function hostFor(source: Monitor, destination: Monitor): string {
  if (source.isLocal && destination.isLocal) return '127.0.0.1';
  const host = /^tcp:(.*):\d+$/.exec(destination.address)?.[1];
  if (host !== undefined && !destination.isLocal) return host;
  throw new MigrationError(
    `The name by which ${source.address} reaches the host of ${destination.address} is not known: give the URI yourself, e.g. tcp:HOST:4444.`,
  );
}

/** QEMU tells in query-migrate of the destination where it really listens. */
function listeningPort(reply: JsonValue): number | undefined {
  const addresses = isJsonObject(reply) ? reply['socket-address'] : undefined;
  for (const address of Array.isArray(addresses) ? addresses : []) {
    const port = isJsonObject(address) ? Number(address['port']) : Number.NaN;
    if (port > 0) return port;
  }
  return undefined;
}
