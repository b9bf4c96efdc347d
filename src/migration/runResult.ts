import type { RunRecord, RunResult } from '../shared/runRecord.ts';
import { defined, isEnd, type MigrationReport } from './queryMigrate.ts';

/** The result of a migration whose end was seen. What QEMU does not report of a failed or cancelled run comes from the last live sample. */
export function endResult(
  report: MigrationReport,
  record: RunRecord,
  switchover: Partial<RunResult>,
): RunResult {
  if (!isEnd(report.status)) {
    return lostResult(
      record,
      `QEMU reports the status "${report.status}" and knows nothing of the migration any more.`,
    );
  }
  const completed = report.status === 'completed';
  return {
    ...lastKnown(record),
    status: report.status,
    ...defined('totalTimeMs', report.totalTimeMs),
    ...defined('downtimeMs', completed ? report.downtimeMs : undefined),
    ...defined('setupTimeMs', report.setupTimeMs),
    ...defined('transferred', report.transferred ?? lastKnown(record).transferred),
    ...defined('downtimeBytes', completed ? report.downtimeBytes : undefined),
    ...(completed ? switchover : {}),
    ...defined('passes', report.pass ?? lastKnown(record).passes),
    ...defined('error', report.error),
  };
}

/** The result of a migration whose end was not seen. */
export function lostResult(record: RunRecord, reason: string): RunResult {
  return { status: 'lost', ...lastKnown(record), error: `${reason} How it ended is not known.` };
}

function lastKnown(record: RunRecord): { transferred?: number; passes?: number } {
  const last = record.samples.findLast(({ transferred }) => transferred !== undefined);
  const pass = Math.max(0, last?.pass ?? 0, record.iterations.at(-1)?.pass ?? 0);
  return { ...defined('transferred', last?.transferred), ...defined('passes', pass > 0 ? pass : undefined) };
}
