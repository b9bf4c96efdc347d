import { readdirSync, readFileSync } from 'node:fs';

/** The command lines of our own children whose program has this name. */
export function childrenNamed(name: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, program, parent] = /\((.*)\) \S (\d+)/s.exec(stat) ?? [];
        if (program !== name || Number(parent) !== process.pid) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // It ended while we looked.
      }
    });
}
