import { readdir } from 'node:fs/promises';
import { processesWithVariable } from '../../../scripts/process/processTable.ts';
import { until } from '../../../scripts/process/until.ts';
import type { WorkbenchUnderTest } from './workbenchUnderTest.ts';

/** What there is of local VM pairs on this machine, of all that the windows of one server have started. */
export interface PairTraces {
  /** Of the QEMUs, ascending. */
  readonly pids: readonly number[];
  /** Names of the pairs' directories. */
  readonly directories: readonly string[];
}

export async function pairTraces(stage: WorkbenchUnderTest): Promise<PairTraces> {
  const processes = processesWithVariable('TMPDIR', stage.temporaryDirectory);
  const qemus = processes.filter(({ command }) => command.startsWith('qemu-system'));
  const names = await readdir(stage.temporaryDirectory);
  return {
    pids: qemus.map(({ pid }) => pid).sort((a, b) => a - b),
    directories: names.filter((name) => name.startsWith('qmp-lab-')),
  };
}

/** Waits until the machine holds `pairs` whole pairs and nothing more. */
export async function awaitPairs(stage: WorkbenchUnderTest, pairs: 0 | 1): Promise<PairTraces> {
  return until(`${pairs} local VM pairs to be there`, async () => {
    const traces = await pairTraces(stage);
    const { pids, directories } = traces;
    if (pids.length !== 2 * pairs || directories.length !== pairs) throw new Error(JSON.stringify(traces));
    return traces;
  });
}
