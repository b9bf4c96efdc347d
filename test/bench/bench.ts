// Prints what was measured as a table and keeps it in BENCHMARKS.md. With words as arguments only the groups whose
// names hold one of them run, and the file stays as it is.
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { Cleanup } from '../../scripts/process/cleanup.ts';
import { runMain } from '../../scripts/process/runMain.ts';
import { benchActivation } from './activation.ts';
import { type Benchmark, type Measurement, meetsTarget } from './benchmark.ts';
import { measureChartRedraw } from './chartRedraw.ts';
import { loadLine, machineLines } from './machineLines.ts';
import { measurePackageSize } from './packageSize.ts';
import { benchQapiSchema } from './qapiSchema.ts';
import { benchQmpParsing } from './qmpParsing.ts';
import { benchQmpRoundTrip } from './qmpRoundTrip.ts';
import { benchSamplingCost } from './samplingCost.ts';
import { benchShortPasses } from './shortPasses.ts';
import { table } from './table.ts';

const GROUPS: Record<string, Benchmark> = {
  'qmp-round-trip': benchQmpRoundTrip,
  'qmp-parsing': benchQmpParsing,
  'qapi-schema': benchQapiSchema,
  'chart-redraw': benchChartRedraw,
  'sampling-cost': benchSamplingCost,
  'short-passes': benchShortPasses,
  activation: benchActivation,
  'package-size': measurePackageSize,
};

async function benchChartRedraw(): Promise<Measurement[]> {
  const { samples, medianMs, p90Ms } = await measureChartRedraw();
  const name = `redraw of a chart of ${samples.toLocaleString('en')} samples`;
  const remark = `90th percentile ${p90Ms.toFixed(1)} ms`;
  return [{ name, value: medianMs, unit: 'ms', target: { atMost: 16 }, remark }];
}

const REPORT = new URL('../../BENCHMARKS.md', import.meta.url);

await runMain(async ({ cleanup }) => {
  const [loadBefore = 0] = loadavg();
  const words = process.argv.slice(2);
  const chosen = Object.entries(GROUPS).filter(
    ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const measurements: Measurement[] = [];
  const failed: string[] = [];
  for (const [name, benchmark] of chosen) {
    process.stderr.write(`${name} …\n`);
    try {
      measurements.push(...(await runGroup(benchmark, cleanup)));
    } catch (error) {
      // What the others measured is not lost with it.
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      failed.push(name);
    }
  }

  const text = `${table(measurements)}\n\n${loadLine(loadBefore)}\n`;
  process.stdout.write(text);
  if (words.length === 0 && failed.length === 0) await writeFile(REPORT, [await head(), text].join('\n'));
  failed.push(
    ...measurements.filter((measurement) => meetsTarget(measurement) === 'NO').map(({ name }) => name),
  );
  if (failed.length === 0) return 0;
  process.stderr.write(`Failed or missed its target: ${failed.join('; ')}\n`);
  return 1;
});

/** Undoes what the group has started before the next one begins, or when the program is told to end. */
async function runGroup(benchmark: Benchmark, cleanup: Cleanup): Promise<Measurement[]> {
  const own = new Cleanup();
  const forget = cleanup.add('undo what the benchmark has started', () => own.run());
  try {
    return await benchmark(own);
  } finally {
    const left = await own.run();
    forget();
    if (left.length > 0) process.stderr.write(`Left behind: ${left.join('; ')}\n`);
  }
}

async function head(): Promise<string> {
  const about = 'Made by `npm run bench`: medians of interleaved runs in one process.';
  return ['# Benchmarks', '', about, '', ...(await machineLines()), ''].join('\n');
}
