import { type Clock, systemClock } from '../shared/clock.ts';
import { type Logger, silentLogger } from '../shared/logger.ts';
import { formatAddress, isLocalAddress, parseAddress } from './address.ts';
import {
  CommandTimeoutError,
  MonitorClosedError,
  MonitorConnectError,
  ProtocolError,
  QmpCommandError,
} from './errors.ts';
import { openSocket } from './openSocket.ts';
import { SocketMonitor } from './socketMonitor.ts';

export interface ConnectOptions {
  signal?: AbortSignal;
  clock?: Clock;
  logger?: Logger;
  /** Until the transport stands; 10 s by default, 2 s on this machine, where only a full queue can delay it. */
  connectTimeoutMs?: number;
  /** Until QEMU's greeting and its answer to qmp_capabilities; 2 s each by default. */
  greetingTimeoutMs?: number;
}

/**
 * Opens a QMP session: connects, awaits the greeting, leaves capabilities negotiation. Rolls back on any failure.
 * @throws MonitorConnectError which says what failed and what to do
 * @throws the signal's reason when aborted
 */
export async function connectMonitor(text: string, options: ConnectOptions = {}): Promise<SocketMonitor> {
  const address = parseAddress(text);
  const { clock = systemClock, logger = silentLogger, greetingTimeoutMs = 2000, signal } = options;
  const isLocal = isLocalAddress(address);
  const { connectTimeoutMs = isLocal ? 2000 : 10_000 } = options;
  signal?.throwIfAborted();
  const name = formatAddress(address);
  const socket = await openSocket(address, { clock, timeoutMs: connectTimeoutMs, ...(signal && { signal }) });
  const monitor = new SocketMonitor(socket, { address: name, isLocal, clock, logger });
  const abort = (): void => monitor.fail(new MonitorClosedError(`${name}: connecting was cancelled`));
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const timer = clock.after(greetingTimeoutMs, () => monitor.fail(noGreeting(name)));
  try {
    await monitor.greeting;
    timer.dispose();
    await monitor.negotiate({ timeoutMs: greetingTimeoutMs });
    return monitor;
  } catch (error) {
    await monitor.close();
    throw signal?.aborted ? signal.reason : handshakeFailure(name, error);
  } finally {
    timer.dispose();
    signal?.removeEventListener('abort', abort);
  }
}

function noGreeting(name: string): MonitorConnectError {
  return new MonitorConnectError(
    'no-greeting',
    `${name}: connected, but no greeting: a monitor serves one client at a time. Close the other client ` +
      '(qmp-shell, libvirt, another window), give the VM a second -qmp socket, or check that this is a QMP monitor.',
  );
}

function handshakeFailure(name: string, error: unknown): MonitorConnectError {
  if (error instanceof MonitorConnectError) return error;
  const cause = { cause: error };
  if (error instanceof ProtocolError) {
    return new MonitorConnectError('not-qmp', `${name} is not a QMP monitor: ${error.message}.`, cause);
  }
  if (error instanceof QmpCommandError) {
    const what = `refused ${error.command}: ${error.message}`;
    return new MonitorConnectError(
      'not-qmp',
      `${name} is not a QMP monitor that we can use: it ${what}`,
      cause,
    );
  }
  if (error instanceof CommandTimeoutError) {
    const what = `did not answer ${error.command} within ${error.timeoutMs / 1000} s`;
    return new MonitorConnectError(
      'unreachable',
      `${name} greeted, but ${what}. Is QEMU stopped or very busy?`,
      cause,
    );
  }
  // A call that the end of the connection rejected carries the reason of that end.
  if (error instanceof MonitorClosedError && error.cause) return handshakeFailure(name, error.cause);
  const why =
    error instanceof MonitorClosedError ? '' : ` (${error instanceof Error ? error.message : String(error)})`;
  return new MonitorConnectError(
    'closed',
    `${name} closed the connection before a session began${why}. Does the VM still run, and is this its QMP monitor?`,
    cause,
  );
}
