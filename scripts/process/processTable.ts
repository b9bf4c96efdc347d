import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
}

/**
 * Every process that can still run: a dead one whose parent has not asked for its exit code does not count.
 * @returns undefined where there is no /proc (not Linux).
 */
export function processTable(): ProcessEntry[] | undefined {
  const pids = tryOrUndefined(() => readdirSync('/proc'));
  return pids?.filter((name) => /^\d+$/.test(name)).flatMap((pid) => entryOf(pid) ?? []);
}

/** The processes that were started with `variable=value` in their environment, at whatever depth. */
export function processesWithVariable(variable: string, value: string): ProcessEntry[] {
  const wanted = `${variable}=${value}`;
  return (processTable() ?? []).filter(({ pid }) => {
    const environment = tryOrUndefined(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    return environment?.split('\0').includes(wanted) ?? false;
  });
}

function entryOf(pid: string): ProcessEntry | undefined {
  const stat = tryOrUndefined(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // "pid (command) state parent group …": the command may itself contain spaces and parentheses.
  const fields = stat && /^\d+ \((.*)\) (\S) \d+ (\d+) /s.exec(stat);
  if (!fields || fields[2] === 'Z' || fields[2] === 'X') return undefined;
  return { pid: Number(pid), command: fields[1] ?? '', group: Number(fields[3]) };
}

// A process may end between being listed and being read.
function tryOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
