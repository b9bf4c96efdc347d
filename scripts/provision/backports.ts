import type { AptSource } from './aptSources.ts';

/** Whether apt already knows the backports of this release. */
export function hasBackports(sources: readonly AptSource[], codename: string): boolean {
  return sources.some((source) => offers(source, `${codename}-backports`));
}

/**
 * Writes the `.sources` entry that adds the backports of a release from the mirror that the release itself comes from,
 * trusted in the same way.
 * @returns undefined when no entry of the machine is such a mirror.
 */
export function backportsEntry(sources: readonly AptSource[], codename: string): string | undefined {
  const candidates = sources.filter((source) => offers(source, codename));
  const best = candidates.find((source) => isDebianArchive(source, sources, codename)) ?? candidates[0];
  const [mirror] = best?.uris ?? [];
  if (!best || mirror === undefined) return undefined;
  const options = [...best.options].map(([name, value]) => `${name}: ${value}`);
  return [
    '# Added by "npm run provision" of vscode-qmp: a QEMU that knows avail-switchover-bandwidth (8.2 or newer).',
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${codename}-backports`,
    'Components: main',
    ...options,
    '',
  ].join('\n');
}

function offers(source: AptSource, suite: string): boolean {
  return source.types.includes('deb') && source.suites.includes(suite) && source.components.includes('main');
}

// Others name their suites after Debian's releases too. Only Debian's own archive has the point-release updates, on
// the same mirror, and it nearly always lies in a folder of this name.
function isDebianArchive(source: AptSource, sources: readonly AptSource[], codename: string): boolean {
  const [mirror = ''] = source.uris;
  if (/\/debian\/?$/.test(mirror)) return true;
  return sources.some((other) => other.uris.includes(mirror) && other.suites.includes(`${codename}-updates`));
}
