import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChartModel } from '../../../src/webview/chartModel.ts';
import { readOut, readoutSentence } from '../../../src/webview/readout.ts';
import { emptyRun, recordedView } from '../../support/chartPage/chartViews.ts';

describe('readOut', () => {
  const model = new ChartModel(recordedView('changed'));
  const rowAt = (t: number): number => model.view.samples.t.findIndex((time) => time >= t);

  test('gives the values of a sample', () => {
    const row = rowAt(1000);
    const { moment, values } = readOut(model, row, 'MiB/s');
    assert.match(moment, /^1\.\d\d s, pass 1$/);
    assert.equal(values.maxBandwidth, '32 MiB/s');
    assert.equal(values.declared, undefined, 'nothing was declared yet');
    assert.match(values.estimate ?? '', /^3\d\.\d MiB\/s$/);
  });

  test('marks an average over several passes, and names them', () => {
    const { moment, values } = readOut(model, rowAt(4000), 'MiB/s');
    assert.match(moment, /^4\.\d\d s, pass \d+, averaged over \d+–\d+$/);
    assert.match(values.average ?? '', /^≈ /);
  });

  test('speaks the unit asked for', () => {
    assert.equal(readOut(model, rowAt(1000), 'Mbit/s').values.maxBandwidth, '268 Mbit/s');
  });

  test('gives the last known values without a crosshair', () => {
    const { moment, values } = readOut(model, undefined, 'MiB/s');
    assert.match(moment, /^last values, 8\.\d\d s$/);
    assert.equal(values.declared, '100 MiB/s');
    assert.equal(values.switchover, '765 MiB/s');
  });

  test('says nothing about an empty run', () => {
    assert.deepEqual(readOut(new ChartModel(emptyRun()), undefined, 'MiB/s'), { moment: '', values: {} });
  });

  test('makes a sentence for a screen reader', () => {
    assert.match(
      readoutSentence(readOut(model, rowAt(1000), 'MiB/s')),
      /pass 1; QEMU’s estimate 3\d\.\d MiB\/s; /,
    );
  });
});
