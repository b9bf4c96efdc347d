import { basename } from 'node:path';
import { connectDomain } from '../../libvirt/connectDomain.ts';
import { formatDomainAddress, isDomainAddress, parseDomainAddress } from '../../libvirt/domainAddress.ts';
import { formatAddress, parseAddress } from '../../qmp/address.ts';
import { type ConnectOptions, connectMonitor } from '../../qmp/connectMonitor.ts';
import type { Monitor } from '../../qmp/monitor.ts';

/**
 * The one text that stands for a monitor, be it a socket or a libvirt domain: equal texts mean the same monitor.
 * @throws MonitorConnectError `bad-address`, saying what to write instead
 */
export function canonicalAddress(text: string): string {
  return isDomainAddress(text)
    ? formatDomainAddress(parseDomainAddress(text))
    : formatAddress(parseAddress(text));
}

/** Whether libvirt owns the monitor: then migrations are libvirt's to start and to cancel. */
export function isOwnedByLibvirt(address: string): boolean {
  return isDomainAddress(address);
}

/** What to call a VM that told no name of its own. */
export function nameOfAddress(text: string): string {
  if (isDomainAddress(text)) return parseDomainAddress(text).domain;
  const address = parseAddress(text);
  if (address.kind === 'tcp') return `${address.host}:${address.port}`;
  return basename(address.path).replace(/\.(sock|socket|qmp|monitor)$/, '');
}

/** @throws MonitorConnectError which says what failed and what to do */
export function connectAddress(
  address: string,
  options: Pick<Required<ConnectOptions>, 'signal' | 'clock' | 'logger'> & { virshPath: string },
): Promise<Monitor> {
  return isDomainAddress(address) ? connectDomain(address, options) : connectMonitor(address, options);
}
