import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CACHE } from '../paths.ts';
import { type Cleanup, removeTree } from '../process/cleanup.ts';
import { ExpectedError } from '../process/errors.ts';
import { runOwned } from '../process/ownedProcess.ts';
import { say } from '../say.ts';
import { updateLists } from './apt.ts';
import { newestBefore, newestVersion } from './aptVersions.ts';
import { findProgram } from './programs.ts';
import { OLDEST_QEMU } from './qemuVersion.ts';

/** Of QEMU itself; all of one version. */
const QEMU_PACKAGES = ['qemu-system-x86', 'qemu-system-common', 'qemu-system-data'];
/** The firmware that it boots from. */
const FIRMWARE_PACKAGES = ['seabios', 'ipxe-qemu'];

const INSTALLED = path.join(CACHE, 'qemu-7.2');

/** A QEMU that is too old to be told the switchover bandwidth, beside the system's own. */
export const OLD_QEMU = path.join(INSTALLED, 'usr/bin/qemu-system-x86_64');

/**
 * Makes sure of {@link OLD_QEMU}: takes it from the archive that apt knows and unpacks it below .cache, without
 * installing it. Needs no root, once apt has its lists.
 * @throws ExpectedError that says what is missing and how to get it.
 */
export async function provisionOldQemu(cleanup: Cleanup): Promise<void> {
  if (existsSync(OLD_QEMU)) return;
  if (!findProgram(['apt-get']) || !findProgram(['dpkg'])) {
    throw new ExpectedError(
      `The tests with an old QEMU take it from Debian's archive, which needs apt and dpkg. Elsewhere, put a QEMU before 8.2 at ${OLD_QEMU}.`,
    );
  }
  await mkdir(CACHE, { recursive: true });
  const packages = await choosePackages(cleanup);
  say(`Fetching an old QEMU into ${INSTALLED}: ${packages.join(', ')} …`);
  const workshop = await mkdtemp(`${INSTALLED}.`);
  const forget = cleanup.add(`remove ${workshop}`, () => removeTree(workshop));
  const unpacked = path.join(workshop, 'root');
  await unpack(packages, workshop, unpacked, cleanup);
  // Somebody else may have put it there in the meantime, and be using it.
  if (!existsSync(OLD_QEMU)) {
    await rm(INSTALLED, { recursive: true, force: true });
    await rename(unpacked, INSTALLED);
  }
  await removeTree(workshop);
  forget();
  await run(cleanup, OLD_QEMU, ['--version'], CACHE);
}

/** "name=version" of each package. */
async function choosePackages(cleanup: Cleanup): Promise<string[]> {
  const found = await lookUp(cleanup);
  if (found) return found;
  if (process.getuid?.() === 0) await updateLists();
  const fresh = await lookUp(cleanup);
  if (fresh) return fresh;
  const { major, minor } = OLDEST_QEMU;
  throw new ExpectedError(
    `apt knows no QEMU before ${major}.${minor}, which the tests with an old one need. Debian 12 (bookworm) has one: add ` +
      'that suite to apt\'s sources, run "apt-get update" as root and try again.',
  );
}

async function lookUp(cleanup: Cleanup): Promise<string[] | undefined> {
  const names = [...QEMU_PACKAGES, ...FIRMWARE_PACKAGES];
  const listing = await run(cleanup, 'apt-cache', ['madison', ...names], CACHE);
  const versions = names.map((name) =>
    QEMU_PACKAGES.includes(name) ? newestBefore(listing, name, OLDEST_QEMU) : newestVersion(listing, name),
  );
  return versions.includes(undefined) ? undefined : names.map((name, i) => `${name}=${versions[i]}`);
}

async function unpack(
  packages: readonly string[],
  workshop: string,
  target: string,
  cleanup: Cleanup,
): Promise<void> {
  await run(cleanup, 'apt-get', ['download', ...packages], workshop);
  const archives = (await readdir(workshop)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) await run(cleanup, 'dpkg', ['-x', archive, target], workshop);
}

async function run(cleanup: Cleanup, file: string, args: readonly string[], cwd: string): Promise<string> {
  const result = await runOwned(cleanup, file, args, { cwd, env: { LC_ALL: 'C' } });
  if (!result.failed) return result.stdout;
  throw new ExpectedError(`${file} ${args.join(' ')} failed:\n${result.stderr || result.message}`);
}
