import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { ExpectedError } from '../process/errors.ts';
import { say } from '../say.ts';
import { type AptSource, parseAptSources } from './aptSources.ts';
import { backportsEntry, hasBackports } from './backports.ts';

const FOLDER = '/etc/apt';
const OUR_ENTRY = 'sources.list.d/vscode-qmp-backports.sources';
const LOCK_RETRY_MS = 10_000;

/** Makes sure that apt knows the backports of this release of Debian, from the mirror that is configured already. */
export async function enableBackports(codename: string): Promise<void> {
  const sources = await readSources();
  if (hasBackports(sources, codename)) return;
  const entry = backportsEntry(sources, codename);
  if (!entry) {
    throw new ExpectedError(
      `No source of apt in ${FOLDER} offers "${codename} main", so the mirror for ${codename}-backports is not known. ` +
        `Add that suite to apt's sources yourself and try again.`,
    );
  }
  const file = path.join(FOLDER, OUR_ENTRY);
  say(`Adding ${codename}-backports to apt's sources: ${file}`);
  await writeFile(file, entry);
}

/** Fetches the lists of packages. Other people's broken sources are told, but do not stop it. */
export async function updateLists(): Promise<void> {
  const error = await aptGet(['update', '--quiet']);
  if (error) say(`apt-get update complained; going on with what it has.\n${error}`);
}

/** @throws ExpectedError with apt's own words. */
export async function installPackages(packages: readonly string[], suite?: string): Promise<void> {
  say(`Installing ${packages.join(', ')}${suite ? ` from ${suite}` : ''} with apt …`);
  const target = suite ? ['--target-release', suite] : [];
  const error = await aptGet([
    'install',
    '--yes',
    '--quiet',
    '--no-install-recommends',
    ...target,
    ...packages,
  ]);
  if (error) throw new ExpectedError(`apt-get could not install ${packages.join(', ')}:\n${error}`);
}

async function readSources(): Promise<AptSource[]> {
  const parts = await readdir(path.join(FOLDER, 'sources.list.d')).catch(() => []);
  const files = parts
    .filter((name) => /\.(list|sources)$/.test(name))
    .map((name) => `sources.list.d/${name}`);
  const parsed = await Promise.all(
    ['sources.list', ...files].map(async (name) => {
      const text = await readFile(path.join(FOLDER, name), 'utf8').catch(() => '');
      return parseAptSources(name, text);
    }),
  );
  return parsed.flat();
}

// Returns what apt said when it failed. Another apt may be at work, as just after the start of a machine.
async function aptGet(args: readonly string[]): Promise<string | undefined> {
  const first = await tryAptGet(args);
  if (!first || !/could not get lock|unable to acquire the dpkg/i.test(first)) return first;
  say('Another program is using apt; trying once more.');
  await delay(LOCK_RETRY_MS);
  return tryAptGet(args);
}

async function tryAptGet(args: readonly string[]): Promise<string | undefined> {
  const { failed, stderr, shortMessage } = await execa(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=120', ...args],
    {
      env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdin: 'ignore',
      reject: false,
    },
  );
  return failed ? stderr || shortMessage || 'no reason given' : undefined;
}
