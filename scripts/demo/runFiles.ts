import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRun, runFileSuffix } from '../../src/migration/runFile.ts';
import { until } from '../process/until.ts';
import type { WorkbenchServer } from '../workbench/server.ts';

/** The records that the extension has written in this server, oldest first. */
export async function runFiles(server: WorkbenchServer): Promise<string[]> {
  const storage = path.join(server.dataDirectory, 'data', 'User', 'globalStorage');
  const all = await readdir(storage, { recursive: true }).catch(() => []);
  return all
    .filter((name) => name.endsWith(runFileSuffix))
    .sort()
    .map((name) => path.join(storage, name));
}

/** Waits until a record that is none of `known` has its result, and returns its path. */
export async function awaitRun(
  server: WorkbenchServer,
  known: readonly string[],
  deadlineMs: number,
): Promise<string> {
  return until(
    'the record of the migration to be finished',
    async () => {
      const [file] = (await runFiles(server)).filter((name) => !known.includes(name));
      return file !== undefined && (await readRun(file)).result ? file : undefined;
    },
    deadlineMs,
  );
}
