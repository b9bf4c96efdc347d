import { MonitorConnectError } from './errors.ts';

/** Where a monitor listens. */
export type MonitorAddress = { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };

/** Options of a QEMU command line that people paste along with the address. */
const PASTED_OPTIONS = /(,(server|server=on|nowait|wait=off|wait=on|nodelay))+$/;

const HOW = 'Write unix:/path/to/socket or tcp:host:port.';

/**
 * Reads `unix:/path`, `tcp:host:port` and `tcp:[v6]:port`; a bare absolute path is a Unix socket.
 * @throws MonitorConnectError `bad-address`, saying what to write instead
 */
export function parseAddress(text: string): MonitorAddress {
  const trimmed = text.trim().replace(PASTED_OPTIONS, '');
  if (trimmed.startsWith('/')) return unixAddress(trimmed);
  if (trimmed.startsWith('unix:')) return unixAddress(trimmed.slice('unix:'.length));
  if (trimmed.startsWith('tcp:')) return tcpAddress(trimmed.slice('tcp:'.length));
  throw new MonitorConnectError('bad-address', `"${text}" is not the address of a QMP monitor. ${HOW}`);
}

/** The canonical text of an address: equal texts mean the same monitor. */
export function formatAddress(address: MonitorAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `tcp:${host}:${address.port}`;
}

/** True when the monitor's QEMU runs on this machine. */
export function isLocalAddress(address: MonitorAddress): boolean {
  return address.kind === 'unix' || /^(localhost|127(\.\d+){3}|::1)$/i.test(address.host);
}

function unixAddress(path: string): MonitorAddress {
  const fault = faultOfPath(path);
  if (fault) throw new MonitorConnectError('bad-address', `"unix:${path}": ${fault}. ${HOW}`);
  return { kind: 'unix', path };
}

function faultOfPath(path: string): string | undefined {
  if (path.startsWith('@')) return 'an abstract socket can not be opened from here, only one with a path';
  if (!/^\/./.test(path)) return 'a Unix socket takes an absolute path';
  if (path.includes('\0')) return 'a path can not hold a NUL';
  // sun_path of sockaddr_un holds 108 bytes with the final NUL; the kernel would cut a longer one.
  if (Buffer.byteLength(path) > 107) return 'the path of a Unix socket takes at most 107 bytes';
  return undefined;
}

function tcpAddress(rest: string): MonitorAddress {
  const match = /^(?:\[(?<v6>[\da-f:.%\w]+)\]|(?<host>[^:\s[\]]+)):(?<port>\d{1,5})$/i.exec(rest);
  const host = match?.groups?.['v6'] ?? match?.groups?.['host'];
  const port = Number(match?.groups?.['port']);
  if (!host || !(port >= 1 && port <= 65535)) {
    throw new MonitorConnectError(
      'bad-address',
      `"tcp:${rest}" is not a host and a port from 1 to 65535. ${HOW} An IPv6 address goes in brackets.`,
    );
  }
  return { kind: 'tcp', host: host.toLowerCase(), port };
}
