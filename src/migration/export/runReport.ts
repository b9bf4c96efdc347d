import type { BandwidthUnit } from '../../shared/chartMessages.ts';
import type { Iteration, RunRecord } from '../../shared/runRecord.ts';
import { formatBandwidth, formatBytes, formatDuration } from '../../shared/units.ts';
import { ParameterTimeline } from '../parameterTimeline.ts';
import { runFacts } from '../runFacts.ts';
import { verdict } from '../verdict.ts';
import { escapeText, markdownTable } from './markdown.ts';

/** One run in Markdown: what happened, why, and every iteration. */
export function runReport(record: RunRecord, unit: BandwidthUnit = 'MiB/s'): string {
  const { vm, destination, startedAt } = record;
  const sections = [
    `# Migration of ${escapeText(vm.name)}`,
    escapeText(verdict(record)),
    facts(record, unit),
    `From ${escapeText(vm.address)} (QEMU ${escapeText(vm.qemu)})${to(destination)}, started ${startedAt}.`,
    changes(record),
    iterations(record, unit),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function to(destination: string | undefined): string {
  return destination === undefined ? '' : ` to ${escapeText(destination)}`;
}

function facts(record: RunRecord, unit: BandwidthUnit): string {
  const rows = runFacts(record, unit).map(({ label, value }) => [label, value]);
  return markdownTable(['', ''], rows);
}

function changes({ changes: all }: RunRecord): string {
  if (all.length === 0) return '';
  const rows = all.map(({ t, parameter, from, to: value }) => [
    formatDuration(t),
    parameter,
    from === undefined ? '' : String(from),
    String(value),
  ]);
  return `## Changed while it ran\n\n${markdownTable(['At', 'Parameter', 'From', 'To'], rows)}`;
}

function iterations(record: RunRecord, unit: BandwidthUnit): string {
  if (record.iterations.length === 0) return '';
  const timeline = new ParameterTimeline(record);
  const rows = record.iterations.map((iteration) => {
    return iterationRow(iteration, timeline.at(iteration.end).declaredBandwidth, unit);
  });
  const head = [
    'Pass',
    'Start',
    'Duration',
    'Bytes',
    'Bandwidth',
    '% of declared',
    'Dirty rate',
    'Remaining',
  ];
  const polled =
    record.passesFrom === 'polling'
      ? '\n\nThe capability "events" was off: passes are known from polling, and short ones may be missing.'
      : '';
  const note = 'The bandwidth of a pass shorter than 0.5 s is a rough figure.';
  return `## Iterations\n\n${markdownTable(head, rows)}\n\n${note}${polled}`;
}

function iterationRow(
  { pass, start, end, bytes, bandwidth, dirtyRate, remaining }: Iteration,
  declared: number | bigint | undefined,
  unit: BandwidthUnit,
): string[] {
  const percent =
    bandwidth === undefined || !declared ? '' : `${Math.round((100 * bandwidth) / Number(declared))} %`;
  return [
    String(pass),
    formatDuration(start),
    formatDuration(end - start),
    bytes === undefined ? '' : formatBytes(bytes),
    bandwidth === undefined ? '' : formatBandwidth(bandwidth, unit),
    percent,
    dirtyRate === undefined ? '' : formatBandwidth(dirtyRate, unit),
    remaining === undefined ? '' : formatBytes(remaining),
  ];
}
