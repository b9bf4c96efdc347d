import { type Measurement, meetsTarget } from './benchmark.ts';

const HEAD = ['Measured', 'Value', 'Target', 'Met', 'Remark'];

/** A Markdown table with aligned columns, readable in a terminal too. */
export function table(measurements: readonly Measurement[]): string {
  const rows = [HEAD, ...measurements.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) => `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return lines.toSpliced(1, 0, rule).join('\n');
}

function cells(measurement: Measurement): string[] {
  const { name, value, unit, target, remark = '' } = measurement;
  return [
    name,
    value === undefined ? 'not measured' : quantity(value, unit),
    target ? limit(target, unit) : '',
    target && value !== undefined ? meetsTarget(measurement) : '',
    remark,
  ];
}

function limit(target: NonNullable<Measurement['target']>, unit: Measurement['unit']): string {
  return 'atMost' in target ? `≤ ${quantity(target.atMost, unit)}` : `≥ ${quantity(target.atLeast, unit)}`;
}

function quantity(value: number, unit: Measurement['unit']): string {
  return `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`;
}
