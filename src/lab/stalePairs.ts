import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, silentLogger } from '../shared/logger.ts';
import { type PairState, pairDirectoryPrefix, readPairState } from './pairDirectory.ts';
import { hostIdentity, type ProcessIdentity, processState } from './processIdentity.ts';

export interface StalePairOptions {
  /** Where pairs keep their directories: the system's directory for temporary files by default. */
  baseDirectory?: string;
  logger?: Logger;
  /** Where to read about processes; for systems that have none there, less is cleaned up. */
  procDirectory?: string;
}

/** A directory without a state may be one that is just being made. */
const stateMissingMs = 60_000;
const killedWithinMs = 3000;

/**
 * Cleans up after owners that crashed: ends the VMs that are proven to be theirs (number and start time of the
 * process agree) and removes their directories. What belongs to a living owner, to another user, or can not be
 * told, stays.
 * @returns how many directories were removed
 */
export async function removeStalePairs(options: StalePairOptions = {}): Promise<number> {
  const { baseDirectory = tmpdir(), logger = silentLogger, procDirectory = '/proc' } = options;
  let removed = 0;
  for (const directory of await pairDirectories(baseDirectory)) {
    try {
      if (await removeIfStale(directory, procDirectory, logger)) removed += 1;
    } catch (error) {
      logger.warn(`${directory}: could not be cleaned up: ${error instanceof Error ? error.message : error}`);
    }
  }
  return removed;
}

async function pairDirectories(baseDirectory: string): Promise<string[]> {
  // A base that is missing or can't be read holds nothing to clean up; making a pair there tells what is wrong.
  const names = await readdir(baseDirectory).catch(() => []);
  return names
    .filter((name) => name.startsWith(pairDirectoryPrefix))
    .map((name) => join(baseDirectory, name));
}

async function removeIfStale(directory: string, procDirectory: string, logger: Logger): Promise<boolean> {
  const stats = await lstat(directory);
  // In a directory that everybody may write to, a stranger's state could name our own processes.
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) return false;
  const state = readPairState(directory);
  if (!isStale(state, stats, procDirectory)) return false;
  if (
    state &&
    isSameBoot(state, procDirectory) &&
    !(await endVms(state.vms, directory, procDirectory, logger))
  ) {
    return false;
  }
  await rm(directory, { recursive: true, force: true });
  logger.info(`removed ${directory}, left behind by a crash`);
  return true;
}

function isStale(state: PairState | undefined, stats: Stats, procDirectory: string): boolean {
  if (!state) return Date.now() - stats.mtimeMs > stateMissingMs;
  if (!isSameBoot(state, procDirectory)) return true;
  // In another namespace the numbers mean other processes.
  if (state.host && state.host.pidNamespace !== hostIdentity(procDirectory)?.pidNamespace) return false;
  return processState(state.owner, procDirectory) === 'gone';
}

function isSameBoot(state: PairState, procDirectory: string): boolean {
  const now = hostIdentity(procDirectory);
  return state.host === undefined || now === undefined || state.host.bootId === now.bootId;
}

/** @returns false when a VM may still run that is not proven to be ours */
async function endVms(
  vms: ProcessIdentity[],
  directory: string,
  procDirectory: string,
  logger: Logger,
): Promise<boolean> {
  const states = vms.map((vm) => processState(vm, procDirectory));
  if (states.includes('unknown')) {
    const pids = vms.map((vm) => vm.pid).join(', ');
    logger.warn(
      `${directory} was left behind by a crash, but it can't be told whether its VMs (processes ${pids}) ` +
        'still run. If they do not, or once you have ended them, remove it.',
    );
    return false;
  }
  const running = vms.filter((_, index) => states[index] === 'running');
  for (const vm of running) {
    logger.info(`ending QEMU ${vm.pid}, left behind by a crash`);
    process.kill(vm.pid, 'SIGKILL');
  }
  const deadline = Date.now() + killedWithinMs;
  while (running.some((vm) => processState(vm, procDirectory) === 'running')) {
    if (Date.now() > deadline) throw new Error(`its VMs did not end within ${killedWithinMs} ms`);
    await delay(10);
  }
  return true;
}
