import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject } from '../shared/json.ts';
import { VmPairError } from './errors.ts';
import type { HostIdentity, ProcessIdentity } from './processIdentity.ts';

/** How the directories of pairs are named, whoever made them. */
export const pairDirectoryPrefix = 'qmp-lab-';

/** Who made a directory and what runs in it: enough to clean up after a crash. */
export interface PairState {
  host?: HostIdentity;
  owner: ProcessIdentity;
  vms: ProcessIdentity[];
}

const stateFile = 'pair.json';
/** `sun_path` less its NUL: 108 bytes on Linux, 104 on macOS and the BSDs. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/** Within the directory of a pair. */
export function monitorPath(directory: string, which: string): string {
  return join(directory, `${which}.sock`);
}

/**
 * Makes a directory that only this user can enter.
 * @param baseDirectory the system's directory for temporary files by default
 * @throws VmPairError `directory` when it can not be made, or is too long a path for a Unix socket
 */
export async function createPairDirectory(baseDirectory = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(baseDirectory, pairDirectoryPrefix)).catch((cause: Error) => {
    throw new VmPairError('directory', `No directory for the VM pair: ${cause.message}`, { cause });
  });
  const bytes = Buffer.byteLength(monitorPath(directory, 'destination'));
  if (bytes <= longestSocketPath) return directory;
  await rm(directory, { recursive: true, force: true });
  throw new VmPairError(
    'directory',
    `${baseDirectory} is too long a path: the VM's sockets in it would have ${bytes} bytes, and a Unix socket ` +
      `takes at most ${longestSocketPath}. Set TMPDIR to a shorter directory, such as /tmp.`,
  );
}

/** Writes at once: a crash right after a VM was started must not lose it. */
export function writePairState(directory: string, state: PairState): void {
  const path = join(directory, stateFile);
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

/** Undefined when there is none, or none that we could have written. */
export function readPairState(directory: string): PairState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(directory, stateFile), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { host, owner, vms }: Record<string, unknown> = value;
  if (!isProcess(owner) || !Array.isArray(vms) || !vms.every(isProcess)) return undefined;
  return { owner, vms, ...(isHost(host) ? { host } : {}) };
}

function isProcess(value: unknown): value is ProcessIdentity {
  if (!isJsonObject(value)) return false;
  const { pid, startTime } = value;
  // 0 and below would name groups of processes.
  const isPid = typeof pid === 'number' && Number.isSafeInteger(pid) && pid >= 1;
  return isPid && (startTime === undefined || typeof startTime === 'string');
}

function isHost(value: unknown): value is HostIdentity {
  return (
    isJsonObject(value) && typeof value['bootId'] === 'string' && typeof value['pidNamespace'] === 'string'
  );
}
