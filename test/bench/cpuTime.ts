import { readdirSync, readFileSync } from 'node:fs';
import type { Monitor } from '../../src/qmp/monitor.ts';

/** Milliseconds of CPU time that the processes have had so far, without those of the threads in `except`. */
export function cpuTimeMs(pids: readonly number[], except: ReadonlySet<number>): number {
  const threads = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((thread) => ({ pid, thread: Number(thread) })),
  );
  return threads
    .filter(({ thread }) => !except.has(thread))
    .reduce((sum, { pid, thread }) => sum + threadTimeMs(pid, thread), 0);
}

/** The threads that run the guest. */
export async function guestThreads(monitor: Monitor): Promise<Set<number>> {
  const cpus = (await monitor.execute('query-cpus-fast')) as { 'thread-id': number }[];
  return new Set(cpus.map((cpu) => cpu['thread-id']));
}

function threadTimeMs(pid: number, thread: number): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return 0; // it has ended meanwhile
  }
}
