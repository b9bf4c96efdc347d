import { MonitorConnectError } from '../qmp/errors.ts';
import type { Monitor } from '../qmp/monitor.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { type Logger, silentLogger } from '../shared/logger.ts';
import { connectFailure } from './connectFailure.ts';
import { type DomainAddress, formatDomainAddress, parseDomainAddress } from './domainAddress.ts';
import { type DomainIdentity, DomainMonitor } from './domainMonitor.ts';
import { runVirsh } from './virsh.ts';
import type { VirshTarget } from './virshProcess.ts';

export interface ConnectDomainOptions {
  signal?: AbortSignal;
  clock?: Clock;
  logger?: Logger;
  /** A name found on the PATH, or an absolute path; "virsh" by default. */
  virshPath?: string;
  /** Milliseconds until libvirt and the domain have answered; 15 s by default, enough for ssh. */
  connectTimeoutMs?: number;
}

/**
 * Opens a QMP session with a running libvirt domain, named like `qemu:///system#vm1`. Rolls back on any failure.
 * @throws MonitorConnectError which says what failed and what to do
 * @throws the signal's reason when aborted
 */
export async function connectDomain(text: string, options: ConnectDomainOptions = {}): Promise<Monitor> {
  const address = parseDomainAddress(text);
  const {
    clock = systemClock,
    logger = silentLogger,
    virshPath = 'virsh',
    connectTimeoutMs = 15_000,
  } = options;
  const name = formatDomainAddress(address);
  const late = new AbortController();
  const timer = clock.after(connectTimeoutMs, () => late.abort(unanswered(name, connectTimeoutMs)));
  const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;
  try {
    const target = { program: virshPath, uri: address.uri };
    const domain = await findDomain(address, target, signal);
    const monitor = new DomainMonitor({
      address: name,
      isLocal: address.isLocal,
      target,
      domain,
      clock,
      logger,
    });
    await negotiate(monitor, signal);
    logger.info(
      `${name}: libvirt marks the domain as tainted (custom-monitor) from its first QMP command on.`,
    );
    return monitor;
  } finally {
    timer.dispose();
  }
}

/** The first word with libvirt, from which nearly every failure can be told. */
async function findDomain(
  address: DomainAddress,
  target: VirshTarget,
  signal: AbortSignal,
): Promise<DomainIdentity> {
  const result = await runVirsh(target, ['dominfo', '--domain', address.domain], signal);
  const uuid = /^UUID: +([\da-f-]{36})$/m.exec(result.stdout)?.[1];
  const name = /^Name: {11}(.+)$/m.exec(result.stdout)?.[1];
  if (result.code === 0 && uuid && name) return { uuid, name };
  throw connectFailure(address, target.program, result);
}

async function negotiate(monitor: DomainMonitor, signal: AbortSignal): Promise<void> {
  const abort = (): void => void monitor.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await monitor.negotiate();
  } catch (error) {
    await monitor.close();
    signal.throwIfAborted();
    if (error instanceof MonitorConnectError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new MonitorConnectError('closed', message, { cause: error });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function unanswered(name: string, timeoutMs: number): MonitorConnectError {
  const what = `did not answer within ${timeoutMs / 1000} s. Check the host, and that libvirt is not blocked there.`;
  return new MonitorConnectError('unreachable', `${name} ${what}`);
}
