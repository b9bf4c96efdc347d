import { stringify } from 'csv-stringify/sync';
import type { Iteration, RunRecord, Sample } from '../../shared/runRecord.ts';

type Column = 'row' | keyof Sample | keyof Iteration;

const columns = [
  'row',
  't',
  'status',
  'pass',
  'transferred',
  'remaining',
  'total',
  'dirtyRate',
  'estimatedBandwidth',
  'threshold',
  'start',
  'end',
  'bytes',
  'bandwidth',
] as const satisfies Column[];

/**
 * Samples and iterations of a run in one table, told apart by the column "row": first all samples, then all iterations. Times are ms
 * since the start, sizes bytes, rates bytes per second; every digit is kept; a cell is empty where nothing is known.
 */
export function runCsv({ samples, iterations }: RunRecord): string {
  const rows = [
    ...samples.map((sample) => cells({ row: 'sample', ...sample })),
    ...iterations.map((iteration) => cells({ row: 'iteration', ...iteration })),
  ];
  return stringify([[...columns], ...rows]);
}

function cells(row: { [column in Column]?: unknown }): string[] {
  return columns.map((column) => (row[column] === undefined ? '' : String(row[column])));
}
