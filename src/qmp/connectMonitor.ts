import { createConnection, type Socket } from 'node:net';
import { type Clock, systemClock } from '../shared/clock.ts';
import { type Logger, silentLogger } from '../shared/logger.ts';
import { formatAddress, isLocalAddress, type MonitorAddress, parseAddress } from './address.ts';
import {
  CommandTimeoutError,
  type ConnectFailure,
  MonitorClosedError,
  MonitorConnectError,
  ProtocolError,
} from './errors.ts';
import { SocketMonitor } from './socketMonitor.ts';

export interface ConnectOptions {
  signal?: AbortSignal;
  clock?: Clock;
  logger?: Logger;
  /** Until the transport stands; 10 s by default. */
  connectTimeoutMs?: number;
  /** Until QEMU's greeting and its answer to qmp_capabilities; 2.5 s each by default. */
  greetingTimeoutMs?: number;
}

/**
 * Opens a QMP session: connects, awaits the greeting, leaves capabilities negotiation. Rolls back on any failure.
 * @throws MonitorConnectError which says what failed and what to do
 * @throws the signal's reason when aborted
 */
export async function connectMonitor(text: string, options: ConnectOptions = {}): Promise<SocketMonitor> {
  const address = parseAddress(text);
  const { clock = systemClock, logger = silentLogger, signal } = options;
  const limits = {
    connectMs: options.connectTimeoutMs ?? 10_000,
    greetingMs: options.greetingTimeoutMs ?? 2500,
  };
  signal?.throwIfAborted();
  const name = formatAddress(address);
  const socket = await openSocket(address, clock, limits.connectMs, signal);
  const monitor = new SocketMonitor(socket, {
    address: name,
    isLocal: isLocalAddress(address),
    clock,
    logger,
  });
  const abort = (): void => monitor.fail(new MonitorClosedError(`${name}: connecting was cancelled`));
  signal?.addEventListener('abort', abort, { once: true });
  const timer = clock.after(limits.greetingMs, () => monitor.fail(noGreeting(name)));
  try {
    await monitor.greeting;
    timer.dispose();
    await monitor.negotiate({ timeoutMs: limits.greetingMs });
    return monitor;
  } catch (error) {
    await monitor.close();
    throw signal?.aborted ? signal.reason : handshakeFailure(name, error);
  } finally {
    timer.dispose();
    signal?.removeEventListener('abort', abort);
  }
}

function openSocket(
  address: MonitorAddress,
  clock: Clock,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(
      address.kind === 'unix'
        ? { path: address.path.replace(/^@/, '\0') }
        : { host: address.host, port: address.port, noDelay: true, keepAlive: true },
    );
    const settle = (how: () => void): void => {
      timer.dispose();
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail);
      how();
    };
    const giveUp = (reason: unknown): void =>
      settle(() => {
        socket.on('error', () => {}); // destroyed: whatever it still says is of no interest
        socket.destroy();
        reject(reason);
      });
    const abort = (): void => giveUp(signal?.reason);
    const fail = (error: NodeJS.ErrnoException): void => giveUp(connectFailure(address, error));
    const timer = clock.after(timeoutMs, () => giveUp(unanswered(address, timeoutMs)));
    socket.on('error', fail);
    socket.once('connect', () => settle(() => resolve(socket)));
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function connectFailure(address: MonitorAddress, cause: NodeJS.ErrnoException): MonitorConnectError {
  const name = formatAddress(address);
  const [reason, what] = EXPLANATIONS[cause.code ?? ''] ?? [
    'unreachable',
    `can't be reached (${cause.message}).`,
  ];
  return new MonitorConnectError(reason, `${name} ${what}`, { cause });
}

const EXPLANATIONS: Record<string, [ConnectFailure, string]> = {
  ENOENT: ['not-found', 'does not exist. Is the VM running, and is this the path of its -qmp option?'],
  ECONNREFUSED: ['refused', 'refuses connections: nothing listens there. Is the VM still running?'],
  ENOTSOCK: ['not-found', 'is not a socket.'],
  EACCES: [
    'permission',
    'may not be opened by you. Ask for access to the socket, or run as the user of the VM.',
  ],
  EPERM: [
    'permission',
    'may not be opened by you. Ask for access to the socket, or run as the user of the VM.',
  ],
  ENOTFOUND: ['unreachable', 'has a host name that does not resolve.'],
  EAI_AGAIN: ['unreachable', 'has a host name that can not be resolved now.'],
};

function unanswered(address: MonitorAddress, timeoutMs: number): MonitorConnectError {
  const what = `did not answer within ${timeoutMs / 1000} s. Check the host, the port and any firewall between.`;
  return new MonitorConnectError('unreachable', `${formatAddress(address)} ${what}`);
}

function noGreeting(name: string): MonitorConnectError {
  return new MonitorConnectError(
    'no-greeting',
    `${name}: connected, but no greeting: a monitor serves one client at a time. Close the other client ` +
      '(qmp-shell, libvirt, another window), or give the VM a second -qmp socket.',
  );
}

function handshakeFailure(name: string, error: unknown): MonitorConnectError {
  if (error instanceof MonitorConnectError) return error;
  const cause = { cause: error };
  if (error instanceof ProtocolError) {
    return new MonitorConnectError('not-qmp', `${name} is not a QMP monitor: ${error.message}.`, cause);
  }
  if (error instanceof CommandTimeoutError) return noGreeting(name);
  const message = error instanceof Error ? error.message : String(error);
  const said = error instanceof Error && error.cause instanceof ProtocolError ? error.cause : undefined;
  if (said) return handshakeFailure(name, said);
  return new MonitorConnectError(
    'closed',
    `${name} closed the connection during the handshake: ${message}`,
    cause,
  );
}
