import type { BandwidthUnit } from '../../shared/chartMessages.ts';
import type { ExactInteger } from '../../shared/json.ts';
import type { RunRecord } from '../../shared/runRecord.ts';
import { formatBandwidth, formatBytes, formatDuration } from '../../shared/units.ts';
import { seenDowntimeMs } from '../completedVerdict.ts';
import { readSituation } from '../situation.ts';
import { verdict } from '../verdict.ts';
import { escapeText, markdownTable } from './markdown.ts';

/** A figure of a run; "–" where it is not known or does not apply. */
export interface ComparedFigure {
  label: string;
  values: string[];
}

const unknown = '–';

/** The figures of several runs side by side, as a table can show them. */
export function compareRuns(records: readonly RunRecord[], unit: BandwidthUnit = 'MiB/s'): ComparedFigure[] {
  const columns = records.map((record) => column(record, unit));
  const labels = columns[0]?.map(({ label }) => label) ?? [];
  return labels.map((label, row) => ({
    label,
    values: columns.map((figures) => figures[row]?.value ?? unknown),
  }));
}

/** Several runs in Markdown, such as one with nothing declared and one with the bandwidth declared. */
export function comparisonReport(records: readonly RunRecord[], unit: BandwidthUnit = 'MiB/s'): string {
  const names = records.map((record) => {
    const { declaredBandwidth } = record;
    const declared = declaredBandwidth
      ? `${formatBandwidth(declaredBandwidth, unit)} declared`
      : 'nothing declared';
    return `${record.vm.name}, ${declared}`;
  });
  const rows = compareRuns(records, unit).map(({ label, values }) => [label, ...values]);
  const verdicts = records.map(
    (record, index) => `- **${escapeText(names[index] ?? '')}**: ${escapeText(verdict(record))}`,
  );
  return `# Migrations compared\n\n${markdownTable(['', ...names], rows)}\n\n${verdicts.join('\n')}\n`;
}

function column(record: RunRecord, unit: BandwidthUnit): { label: string; value: string | undefined }[] {
  const { result } = record;
  const situation = readSituation(record);
  const { declaredBandwidth, estimate, thresholdByEstimate, thresholdByDeclared, dirty } = situation;
  const bandwidth = (value: ExactInteger | undefined) =>
    value === undefined ? undefined : formatBandwidth(value, unit);
  const size = (value: number | undefined) => (value === undefined ? undefined : formatBytes(value));
  const time = (value: number | undefined) => (value === undefined ? undefined : formatDuration(value));
  const reached = result?.switchoverBandwidth;
  return [
    { label: 'Outcome', value: situation.status },
    { label: 'Declared', value: bandwidth(declaredBandwidth) ?? 'not declared' },
    { label: "QEMU's estimate", value: bandwidth(estimate) },
    { label: 'Threshold by estimate', value: size(thresholdByEstimate) },
    { label: 'Threshold by declared', value: size(thresholdByDeclared) },
    { label: 'Left after a pass', value: size(dirty) },
    { label: 'Passes', value: String(situation.passes) },
    { label: 'Total time', value: time(result?.totalTimeMs ?? record.samples.at(-1)?.t) },
    { label: 'Downtime (reported)', value: time(result?.downtimeMs) },
    { label: 'STOP to RESUME', value: result ? time(seenDowntimeMs(result)) : undefined },
    { label: 'Switchover bandwidth', value: bandwidth(reached) },
    { label: 'Transferred', value: size(result?.transferred) },
  ];
}
