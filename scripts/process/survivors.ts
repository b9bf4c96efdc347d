import { type ProcessEntry, processesWithVariable } from './processTable.ts';
import { until } from './until.ts';

const GRACE_MS = 3_000;

/**
 * Waits a moment for the processes to end that carry `variable=value` in their environment, and kills the rest.
 * @returns those that had to be killed.
 */
export async function endSurvivors(variable: string, value: string): Promise<ProcessEntry[]> {
  const find = () => processesWithVariable(variable, value);
  try {
    await until('them to end by themselves', () => find().length === 0, GRACE_MS);
    return [];
  } catch {
    const survivors = find();
    for (const { pid } of survivors) kill(pid);
    await until('the killed processes to go', () => find().length === 0);
    return survivors;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
