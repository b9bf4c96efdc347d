import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Ticks from boot to its start, as in /proc; absent where there is no /proc. */
  startTime?: string;
}

/** Where process numbers mean the same: one boot of one kernel, and one namespace of processes in it. */
export interface HostIdentity {
  bootId: string;
  pidNamespace: string;
}

export type ProcessState =
  | 'running'
  | 'gone'
  /** Something has this number; whether it is the same process can not be told. */
  | 'unknown';

/** @throws nothing: without /proc the start time is absent */
export function identify(pid: number, procDirectory = '/proc'): ProcessIdentity {
  const startTime = readStat(pid, procDirectory)?.startTime;
  return startTime === undefined ? { pid } : { pid, startTime };
}

export function processState(process: ProcessIdentity, procDirectory = '/proc'): ProcessState {
  const stat = readStat(process.pid, procDirectory);
  if (stat) {
    if (process.startTime === undefined) return 'unknown';
    // A zombie only waits for its parent to take note.
    return stat.startTime === process.startTime && !/[ZX]/.test(stat.state) ? 'running' : 'gone';
  }
  return numberIsTaken(process.pid) ? 'unknown' : 'gone';
}

/** Undefined where there is no /proc. */
export function hostIdentity(procDirectory = '/proc'): HostIdentity | undefined {
  try {
    return {
      bootId: readFileSync(join(procDirectory, 'sys/kernel/random/boot_id'), 'utf8').trim(),
      pidNamespace: readlinkSync(join(procDirectory, 'self/ns/pid')),
    };
  } catch {
    return undefined;
  }
}

function readStat(pid: number, procDirectory: string): { state: string; startTime: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(procDirectory, String(pid), 'stat'), 'utf8');
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold anything, parentheses too. State is field 3, starttime 22 (proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

function numberIsTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
