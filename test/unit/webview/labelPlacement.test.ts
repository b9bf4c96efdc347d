import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Box, placeLabel } from '../../../src/webview/labelPlacement.ts';

const BOUNDS: Box = { left: 0, top: 0, width: 100, height: 50 };
const at = (left: number, top: number): Box => ({ left, top, width: 40, height: 10 });

describe('placeLabel', () => {
  test('takes the first place that is free', () => {
    const taken: Box[] = [];
    assert.deepEqual(placeLabel([at(10, 10), at(10, 30)], taken, BOUNDS), at(10, 10));
    assert.deepEqual(placeLabel([at(10, 10), at(10, 30)], taken, BOUNDS), at(10, 30));
  });

  test('moves a label sideways into the plot when no place lies in it', () => {
    assert.deepEqual(placeLabel([at(90, 10)], [], BOUNDS), at(60, 10));
    assert.deepEqual(placeLabel([at(90, 10), at(50, 30)], [], BOUNDS), at(50, 30));
  });

  test('gives up rather than write over another label or out of the plot', () => {
    assert.equal(placeLabel([at(10, 45)], [], BOUNDS), undefined);
    assert.equal(placeLabel([at(10, 10)], [at(20, 15)], BOUNDS), undefined);
  });
});
