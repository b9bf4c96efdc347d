import { stringify } from 'csv-stringify/sync';
import type { Iteration, RunRecord, Sample } from '../../shared/runRecord.ts';

const sampleColumns = [
  't',
  'status',
  'pass',
  'transferred',
  'remaining',
  'total',
  'dirtyRate',
  'estimatedBandwidth',
  'threshold',
] as const satisfies (keyof Sample)[];

const iterationColumns = [
  'pass',
  'start',
  'end',
  'bytes',
  'bandwidth',
  'dirtyRate',
  'remaining',
] as const satisfies (keyof Iteration)[];

/** The samples of a run, one per line: ms, bytes and bytes per second; empty where not known. */
export function samplesCsv(record: RunRecord): string {
  return table(sampleColumns, record.samples);
}

/** The iterations of a run, one per line, in the same units. */
export function iterationsCsv(record: RunRecord): string {
  return table(iterationColumns, record.iterations);
}

function table<K extends string>(columns: readonly K[], rows: readonly { [P in K]?: unknown }[]): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  return stringify([[...columns], ...cells]);
}

function cell(value: unknown): string {
  return value === undefined ? '' : String(value);
}
