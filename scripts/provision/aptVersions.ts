import { isAtLeast, type QemuVersion } from './qemuVersion.ts';

/** The newest version of a package in the output of `apt-cache madison`; undefined when it is not there. */
export function newestVersion(listing: string, name: string): string | undefined {
  return versionsOf(listing, name)[0];
}

/** The newest version of a package of QEMU whose own version is lower than `limit`. */
export function newestBefore(listing: string, name: string, limit: QemuVersion): string | undefined {
  return versionsOf(listing, name).find((version) => {
    const upstream = /^(?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
    if (!upstream) return false;
    const [, major, minor, micro = '0'] = upstream;
    return !isAtLeast({ major: Number(major), minor: Number(minor), micro: Number(micro) }, limit);
  });
}

// The listing has a line "name | version | source" for each, the newest first; lines "… Sources" are of source packages.
function versionsOf(listing: string, name: string): string[] {
  return listing.split('\n').flatMap((line) => {
    const [named, version, source] = line.split('|').map((field) => field.trim());
    return named === name && version && source?.endsWith(' Packages') ? [version] : [];
  });
}
