import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns, comparisonReport } from '../../../src/migration/export/comparisonReport.ts';
import { runCsv } from '../../../src/migration/export/runCsv.ts';
import { runReport } from '../../../src/migration/export/runReport.ts';
import { completedRun, sample, sampleRun } from './sampleRun.ts';

test('samples and iterations as CSV: every digit, and nothing where nothing is known', () => {
  const record = completedRun({
    samples: [{ t: 1.5, status: 'setup' }, sample(100, 1, { threshold: 5_534_023_222_112_865_280n })],
  });
  assert.deepEqual(runCsv(record).trim().split('\n').slice(0, 4), [
    'row,t,status,pass,transferred,remaining,total,dirtyRate,estimatedBandwidth,threshold,start,end,bytes,bandwidth',
    'sample,1.5,setup,,,,,,,,,,,',
    'sample,100,active,1,3300000,16000000,554508288,134000000,33500000,5534023222112865280,,,,',
    'iteration,,,1,,16000000,,134000000,,,0,2000,66000000,33000000',
  ]);
});

test('a report has the verdict, the figures and every iteration', () => {
  const text = runReport(
    completedRun({ changes: [{ t: 500, parameter: 'downtime-limit', from: 300, to: 400 }] }),
  );
  assert.match(text, /^# Migration of vm1\n/);
  assert.match(text, /Completed in 2\.48 s and 3 passes/);
  assert.match(text, /\| Downtime \| 208 ms \|/);
  assert.match(text, /\| 500 ms \| downtime-limit \| 300 \| 400 \|/);
  assert.equal(text.match(/^\| \d+ \|/gm)?.length, 3);
});

test('names from elsewhere stay text', () => {
  const text = runReport(completedRun({ vm: { name: '<b>|x*\ny', address: 'unix:/a', qemu: '10.0.2' } }));
  assert.match(text, /^# Migration of \\<b\\>\|x\\\* y$/m);
});

test('names from elsewhere break no table', () => {
  const odd = completedRun({ vm: { name: '<img>\\|_a_&lt;', address: 'unix:/a', qemu: '10.0.2' } });
  const [, head] = comparisonReport([odd]).split('\n\n');
  assert.match(head ?? '', /^\| {2}\| \\<img\\>\\\\\\\|\\_a\\_\\&lt;, 100 MiB\/s declared \|\n/);
});

test('two runs side by side', () => {
  const undeclared = sampleRun({ result: { status: 'cancelled', passes: 5 } });
  const figures = new Map(
    compareRuns([undeclared, completedRun()]).map(({ label, values }) => [label, values]),
  );
  assert.deepEqual(figures.get('Outcome'), ['cancelled', 'completed']);
  assert.deepEqual(figures.get('Declared'), ['not declared', '100 MiB/s']);
  assert.deepEqual(figures.get('Passes'), ['5', '3']);
  assert.deepEqual(figures.get('Threshold by declared'), ['–', '30.0 MiB']);
  assert.deepEqual(figures.get('Downtime (reported)'), ['–', '208 ms']);
  const text = comparisonReport([undeclared, completedRun()]);
  assert.match(text, /\| vm1, nothing declared \| vm1, 100 MiB\/s declared \|/);
  assert.match(text, /- \*\*vm1, nothing declared\*\*: Cancelled/);
});
