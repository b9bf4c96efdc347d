import type { RunRecord } from '../../src/shared/runRecord.ts';
import { formatBandwidth, formatBytes, formatDuration } from '../../src/shared/units.ts';
import { type Finding, highestThreshold, passesOf, typicalRemaining } from './judge.ts';

export interface DemoRuns {
  readonly undeclared: RunRecord;
  readonly declared: RunRecord;
}

/** Both runs side by side, as rows of cells; the first row holds the headings. */
export function comparison({ undeclared, declared }: DemoRuns): string[][] {
  const row = (name: string, cell: (run: RunRecord) => string) => [name, cell(undeclared), cell(declared)];
  return [
    ['', 'nothing declared', 'declared'],
    row('avail-switchover-bandwidth', (run) => bandwidth(Number(run.declaredBandwidth ?? 0) || undefined)),
    row('max-bandwidth', (run) => bandwidth(run.maxBandwidth)),
    row('downtime-limit', (run) => optional(run.downtimeLimitMs, (ms) => `${ms} ms`)),
    row('result', (run) => run.result?.status ?? 'unknown'),
    row('passes', (run) => String(passesOf(run))),
    row('total time', (run) => formatDuration(run.result?.totalTimeMs ?? run.samples.at(-1)?.t ?? 0)),
    row('downtime, as QEMU reports it', (run) => optional(run.result?.downtimeMs, formatDuration)),
    row('dirty at the end of a pass (median)', (run) => formatBytes(typicalRemaining(run))),
    row('highest threshold', (run) => formatBytes(highestThreshold(run))),
    row('bandwidth in the switchover', (run) => bandwidth(run.result?.switchoverBandwidth)),
  ];
}

/** The table for a terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows);
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The report as Markdown: what was promised, the table, and what the panel says about each run. */
export function markdownReport(
  runs: DemoRuns,
  findings: readonly Finding[],
  verdicts: { readonly undeclared: string; readonly declared: string },
): string {
  const [headings = [], ...rows] = comparison(runs);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# The declared switchover bandwidth decides',
    '',
    `One guest, migrated twice between two real QEMU ${runs.declared.vm.qemu} processes on one machine.`,
    '',
    ...findings.map(({ claim, holds, seen }) => `- ${holds ? '✓' : '✗'} ${claim}: ${seen}`),
    '',
    line(headings),
    line(headings.map(() => '---')),
    ...rows.map(line),
    '',
    '## What the panel says',
    '',
    `**Nothing declared.** ${verdicts.undeclared}`,
    '',
    `**Declared.** ${verdicts.declared}`,
    '',
    '![The panel of the run with the bandwidth declared](chart-dark.png)',
    '',
  ].join('\n');
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
}

function bandwidth(bytesPerSecond: number | bigint | undefined): string {
  return optional(bytesPerSecond, (value) => formatBandwidth(value, 'MiB/s'));
}

function optional<T>(value: T | undefined, format: (value: T) => string): string {
  return value === undefined ? '–' : format(value);
}
