import { readFile } from 'node:fs/promises';
import { ExpectedError } from '../process/errors.ts';
import { enableBackports, installPackages, updateLists } from './apt.ts';
import { type OperatingSystem, parseOsRelease } from './operatingSystem.ts';
import { debianPackage, explainMissing, NEEDS_BACKPORTS } from './packages.ts';
import { findProgram } from './programs.ts';
import { findMissing, type MissingRequirement, type Requirement } from './requirements.ts';

/**
 * Makes sure of programs of the system: installs what is missing where it may (root on Debian).
 * @throws ExpectedError that says what is missing and how to get it.
 */
export async function provisionMachine(requirements: readonly Requirement[]): Promise<void> {
  const missing = await findMissing(requirements);
  if (missing.length === 0) return;
  const system = parseOsRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  if (!mayInstall(system)) throw new ExpectedError(explainMissing(missing, system));
  await installMissing(missing, system);
  const still = await findMissing(requirements);
  if (still.length > 0) throw new ExpectedError(explainMissing(still, system));
}

function mayInstall(system: OperatingSystem): boolean {
  return system.id === 'debian' && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;
}

async function installMissing(
  missing: readonly MissingRequirement[],
  system: OperatingSystem,
): Promise<void> {
  const wanted = missing.map(({ requirement }) => requirement);
  const fromBackports = wanted.includes('qemu') && NEEDS_BACKPORTS.includes(system.codename);
  if (fromBackports) await enableBackports(system.codename);
  await updateLists();
  if (fromBackports) await installPackages([debianPackage('qemu')], `${system.codename}-backports`);
  const others = wanted.filter((requirement) => requirement !== 'qemu' || !fromBackports);
  if (others.length > 0) await installPackages(others.map(debianPackage));
}
