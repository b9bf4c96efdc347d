/** Schemes that QEMU's `migrate` knows, with an example of each. */
const EXAMPLES: Record<string, string> = {
  tcp: 'tcp:host:4444',
  unix: 'unix:/path/to/socket',
  vsock: 'vsock:3:4444',
  rdma: 'rdma:host:4444',
  fd: 'fd:name',
  file: 'file:/path/to/file',
  exec: 'exec:command',
};

/** Says what is wrong with a migration URI; undefined when QEMU may be asked. */
export function complaintAboutUri(uri: string): string | undefined {
  const [, scheme, rest] = /^([a-z]+):(.*)$/s.exec(uri) ?? [];
  const example = scheme === undefined ? undefined : EXAMPLES[scheme];
  if (example === undefined)
    return `Write a migration URI, such as ${EXAMPLES['tcp']} or ${EXAMPLES['unix']}.`;
  if (!rest) return `Something must follow "${scheme}:", as in ${example}.`;
  if (scheme === 'tcp' && !isHostAndPort(rest))
    return `"${rest}" is not a host and a port from 1 to 65535, as in ${example}.`;
  if ((scheme === 'unix' || scheme === 'file') && !rest.startsWith('/'))
    return `The path must be absolute, as in ${example}.`;
  return undefined;
}

/** True for a URI that makes QEMU run a command on its host. */
export function runsCommand(uri: string): boolean {
  return uri.startsWith('exec:');
}

function isHostAndPort(text: string): boolean {
  const port = Number(/^(?:\[[^\]]+\]|[^:\s]+):(\d{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65535;
}
