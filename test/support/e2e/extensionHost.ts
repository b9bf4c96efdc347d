import { readFileSync } from 'node:fs';
import { processesWithVariable } from '../../../scripts/process/processTable.ts';
import type { WorkbenchUnderTest } from './workbenchUnderTest.ts';

const KIB = 1024;

/** The process in which the extension runs. */
export function extensionHostPid(stage: WorkbenchUnderTest): number {
  const pids = processesWithVariable('TMPDIR', stage.temporaryDirectory)
    .map(({ pid }) => pid)
    .filter((pid) => commandLine(pid).includes('--type=extensionHost'));
  const [pid, ...more] = pids;
  if (pid === undefined || more.length > 0) throw new Error(`extension hosts: ${pids.join(', ') || 'none'}`);
  return pid;
}

/** The most memory that the process has ever held at once, in bytes. */
export function peakMemoryBytes(pid: number): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!peak) throw new Error(`/proc/${pid}/status tells no VmHWM`);
  return Number(peak[1]) * KIB;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
