import { compareRuns, comparisonReport } from '../../src/migration/export/comparisonReport.ts';
import type { DemoRuns, Finding } from './judge.ts';

/** Both runs side by side, for a terminal. */
export function plainComparison({ undeclared, declared }: DemoRuns): string {
  const figures = compareRuns([undeclared, declared]).map(({ label, values }) => [label, ...values]);
  const rows = [['', 'nothing declared', 'declared'], ...figures];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** One finding per line, with a mark. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.map(({ claim, holds, seen }) => `${holds ? '✓' : '✗'} ${claim}: ${seen}`);
}

/** The report as Markdown: the comparison, what was promised, and the picture beside it. */
export function markdownReport(runs: DemoRuns, findings: readonly Finding[]): string {
  return [
    comparisonReport([runs.undeclared, runs.declared]),
    '## What the demo promises',
    '',
    ...findingLines(findings).map((line) => `- ${line}`),
    '',
    '![The panel of the run with the bandwidth declared](chart-dark.png)',
    '',
  ].join('\n');
}
