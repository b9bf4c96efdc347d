import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU time that the threads of a process have had so far; of those threads whose name fits. */
export function cpuTimeMs(pid: number, isCounted: (name: string, thread: number) => boolean): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadTime(pid, Number(thread)));
  return threads
    .filter(({ name, thread }) => isCounted(name, thread))
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

function threadTime(pid: number, thread: number): { name: string; thread: number; milliseconds: number } {
  const read = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8').trim();
  try {
    const [nanoseconds] = read('schedstat').split(' ');
    return { name: read('comm'), thread, milliseconds: Number(nanoseconds) / 1e6 };
  } catch {
    return { name: '', thread, milliseconds: 0 }; // it has ended meanwhile
  }
}
