import { type ConnectFailure, MonitorConnectError } from '../qmp/errors.ts';
import { type DomainAddress, formatDomainAddress } from './domainAddress.ts';
import type { VirshEnd } from './virshProcess.ts';

interface Explanation {
  /** What virsh, libvirt or ssh says in the C locale. */
  pattern: RegExp;
  reason: ConnectFailure;
  /** What it means, and what to do next. */
  text(address: DomainAddress): string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /failed to get domain/,
    reason: 'not-found',
    text: ({ uri }) => `libvirt knows no such domain. virsh -c ${uri} list --all names them all.`,
  },
  {
    pattern: /host key verification failed/i,
    reason: 'permission',
    text: () => 'ssh does not know the key of this host. Log in once with ssh in a terminal to accept it.',
  },
  {
    pattern: /permission denied \(|too many authentication failures/i,
    reason: 'permission',
    text: () => 'ssh can not log in without a question. Set up a key (ssh-copy-id) or an agent.',
  },
  {
    pattern: /authentication (failed|unavailable|cancelled)|polkit/i,
    reason: 'permission',
    text: () => 'libvirt does not let you in. As a member of the group libvirt you may use its /system.',
  },
  {
    pattern: /failed to connect socket to .*: permission denied/i,
    reason: 'permission',
    text: () => 'you may not open the socket of libvirt. Join the group libvirt, or use qemu:///session.',
  },
  {
    pattern: /failed to connect socket to .*: no such file/i,
    reason: 'not-found',
    text: () => 'libvirt does not run: its socket does not exist. Start libvirtd (or virtqemud) there.',
  },
  {
    pattern: /connection refused/i,
    reason: 'refused',
    text: () => 'the connection is refused: no libvirt listens there. Is it running?',
  },
  {
    pattern: /unable to resolve|could not resolve|name or service not known|name resolution/i,
    reason: 'unreachable',
    text: () => 'the host name does not resolve.',
  },
  {
    pattern: /no route to host|network is unreachable|timed out/i,
    reason: 'unreachable',
    text: () => 'the host does not answer. Check its name, its port and any firewall between.',
  },
  {
    // virsh may not even live to repeat what ssh said.
    pattern: /^$|client socket is closed|end of file while reading|connection reset/i,
    reason: 'closed',
    text: ({ uri }) =>
      uri.includes('+ssh')
        ? 'ssh ended before libvirt answered. Log in with ssh in a terminal to see why.'
        : 'libvirt closed the connection before it answered. Its log may tell why.',
  },
];

/** Why there is no monitor, from the end of a virsh. */
export function connectFailure(
  address: DomainAddress,
  program: string,
  { code, stderr, error }: VirshEnd,
): MonitorConnectError {
  const name = formatDomainAddress(address);
  if (error) {
    // A folder of the PATH that may not be searched makes EACCES of a name that is nowhere.
    const missing = error.code === 'ENOENT' || (error.code === 'EACCES' && !program.includes('/'));
    const what = missing
      ? `"${program}" is not installed here. Install libvirt-clients (Debian, Ubuntu), libvirt-client (Fedora) or libvirt (Arch, Homebrew).`
      : `"${program}" can not be run: ${error.message}`;
    return new MonitorConnectError(missing ? 'not-found' : 'permission', `${name}: ${what}`, {
      cause: error,
    });
  }
  const said = virshWords(stderr) || `virsh ended with exit code ${code ?? 'unknown'}`;
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(stderr));
  if (!known) return new MonitorConnectError('unreachable', `${name} can't be reached: ${said}`);
  return new MonitorConnectError(known.reason, `${name}: ${known.text(address)} (${said})`);
}

/** The errors of virsh without its prefix, in one line. */
export function virshWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^error: /, '').trim());
  return lines.filter((line) => line !== '').join('; ');
}
