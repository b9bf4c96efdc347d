import { MonitorConnectError } from '../qmp/errors.ts';

/** A domain of a libvirt host. */
export interface DomainAddress {
  /** As libvirt takes it: "qemu:///system", "qemu+ssh://host/system". */
  uri: string;
  /** Name, UUID or number of the domain. */
  domain: string;
  /** True when the URI names no host: libvirt, and so the VM, runs on this machine. */
  isLocal: boolean;
}

const URI =
  /^(?<driver>[a-z]+)(?:\+(?<transport>[a-z\d]+))?:\/\/(?<host>[^/?\s]*)(?<path>\/[^?\s]*)?(?<query>\?\S*)?$/i;

const HOW = 'Write the URI of libvirt, # and the domain: qemu:///system#vm1 or qemu+ssh://host/system#vm1.';

/** Whether `text` is meant to be the address of a libvirt domain, rightly written or not. */
export function isDomainAddress(text: string): boolean {
  return /^\s*[a-z][a-z\d+.-]*:\/\//i.test(text);
}

/**
 * Reads any URI of libvirt's QEMU driver followed by `#` and the domain, which may hold any characters.
 * @throws MonitorConnectError `bad-address`, saying what to write instead
 */
export function parseDomainAddress(text: string): DomainAddress {
  const [, uri = text.trim(), domain = ''] = /^([^#]*)#(.*)$/s.exec(text.trim()) ?? [];
  const { driver, transport, host = '', path = '', query = '' } = URI.exec(uri)?.groups ?? {};
  if (driver === undefined) bad(`"${text}" is not the address of a libvirt domain`);
  if (driver.toLowerCase() !== 'qemu') bad(`"${uri}": only libvirt's QEMU driver has VMs that speak QMP`);
  if (!/^([^@]+@)?([^-:@[\]][^:@[\]]*|\[[\da-f:.%\w]+\])?(:\d{1,5})?$/i.test(host)) {
    bad(`"${uri}": "${host}" is not a host`);
  }
  if (path.length < 2) bad(`"${uri}" does not say which libvirt: /system or /session`);
  if (domain.trim() === '') bad(`"${uri}" names no domain`);
  if (/[\0\r\n]/.test(domain)) bad(`"${uri}#…": the name of a domain is one line`);
  const scheme = transport === undefined ? 'qemu' : `qemu+${transport.toLowerCase()}`;
  return {
    uri: `${scheme}://${host.replace(/[^@]*$/, (name) => name.toLowerCase())}${path}${query}`,
    domain: domain.trim(),
    isLocal: host === '',
  };
}

/** The canonical text of an address. */
export function formatDomainAddress({ uri, domain }: DomainAddress): string {
  return `${uri}#${domain}`;
}

function bad(what: string): never {
  throw new MonitorConnectError('bad-address', `${what}. ${HOW}`);
}
