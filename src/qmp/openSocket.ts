import { stat } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import type { Clock } from '../shared/clock.ts';
import { formatAddress, isLocalAddress, type MonitorAddress } from './address.ts';
import { type ConnectFailure, MonitorConnectError } from './errors.ts';

export interface OpenSocketOptions {
  clock: Clock;
  /** Milliseconds until the transport must stand. */
  timeoutMs: number;
  signal?: AbortSignal;
}

const READ_BYTES = 64 * 1024;

/**
 * Connects to a socket. What it emits as 'data' lies in one buffer that is used again: it is good for the time of the
 * event only.
 * @throws MonitorConnectError which says why there is nothing to connect to
 * @throws the signal's reason when aborted
 */
export async function openSocket(address: MonitorAddress, options: OpenSocketOptions): Promise<Socket> {
  try {
    return await connected(address, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof MonitorConnectError ? error : await explained(address, error);
  }
}

function connected(
  address: MonitorAddress,
  { clock, timeoutMs, signal }: OpenSocketOptions,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Without a stream's queue between them, bytes cost a tenth less of a round trip.
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        socket.emit('data', buffer.subarray(0, bytes));
        return true;
      },
    };
    const socket = createConnection(
      address.kind === 'unix'
        ? { path: address.path, onread }
        : { onread, host: address.host, port: address.port, noDelay: true, keepAlive: true },
    );
    const settle = (how: () => void): void => {
      timer.dispose();
      signal?.removeEventListener('abort', abort);
      how();
    };
    const giveUp = (reason: unknown): void =>
      settle(() => {
        socket.destroy();
        reject(reason);
      });
    const abort = (): void => giveUp(signal?.reason);
    const timer = clock.after(timeoutMs, () => giveUp(unanswered(address, timeoutMs)));
    // Stays for good: an error right after the connect would come before anybody else can listen.
    socket.on('error', giveUp);
    socket.once('connect', () => settle(() => resolve(socket)));
    signal?.addEventListener('abort', abort, { once: true });
  });
}

async function explained(address: MonitorAddress, cause: unknown): Promise<MonitorConnectError> {
  const name = formatAddress(address);
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED' && address.kind === 'unix' && (await isOtherFile(address.path))) {
    return new MonitorConnectError('not-found', `${name} is not a socket. ${HINT}`, { cause });
  }
  const [reason, what] = EXPLANATIONS[code] ?? ['unreachable', `can't be reached (${message || code}).`];
  return new MonitorConnectError(reason, `${name} ${what}`, { cause });
}

/** Linux says of a plain file that it refuses connections. */
async function isOtherFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isSocket();
  } catch {
    return false; // gone meanwhile, or not a path at all: what the system said stands
  }
}

const HINT = 'Is the VM running, and is this the path of its -qmp option?';
const ABSENT: [ConnectFailure, string] = ['not-found', `does not exist. ${HINT}`];
const FORBIDDEN: [ConnectFailure, string] = [
  'permission',
  'may not be opened by you. Ask for access to the socket, or run as the user of the VM.',
];

const EXPLANATIONS: Record<string, [ConnectFailure, string]> = {
  ENOENT: ABSENT,
  ENOTDIR: ABSENT,
  ECONNREFUSED: ['refused', 'refuses connections: nothing listens there. Is the VM still running?'],
  // A Unix socket whose queue of clients not yet served is full.
  EAGAIN: [
    'no-greeting',
    'is busy: a monitor serves one client at a time, and others wait for their turn already. Close the other ' +
      'clients (qmp-shell, libvirt, another window), or give the VM a second -qmp socket.',
  ],
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  ENOTFOUND: ['unreachable', 'has a host name that does not resolve.'],
  EAI_AGAIN: ['unreachable', 'has a host name that can not be resolved now.'],
};

function unanswered(address: MonitorAddress, timeoutMs: number): MonitorConnectError {
  const what = `${formatAddress(address)} did not answer within ${timeoutMs / 1000} s`;
  return isLocalAddress(address)
    ? new MonitorConnectError(
        'no-greeting',
        `${what}: a monitor serves one client at a time, and others wait already.`,
      )
    : new MonitorConnectError(
        'unreachable',
        `${what}. Check the host, the port, any firewall between, and that no other client holds the monitor.`,
      );
}
