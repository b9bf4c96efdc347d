import { processTable } from './processTable.ts';
import { until } from './until.ts';

const GRACE_MS = 5_000;

/** Whether any process of the group is left. */
function isGroupAlive(leader: number): boolean {
  const table = processTable();
  if (table) return table.some(({ group }) => group === leader);
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends a whole process group, politely first, and returns when nothing of it is left. */
export async function stopGroup(leader: number): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  try {
    await until(`process group ${leader} to end`, () => !isGroupAlive(leader), GRACE_MS);
  } catch {
    signalGroup(leader, 'SIGKILL');
    await until(`process group ${leader} to be killed`, () => !isGroupAlive(leader), GRACE_MS);
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group is gone already, which is what is wanted.
  }
}
