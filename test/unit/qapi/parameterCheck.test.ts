import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkParameterValue } from '../../../src/qapi/parameterCheck.ts';

const kind = (name: string, value: bigint) => checkParameterValue(name, value)?.kind;

test('a declared bandwidth of 1 to 999 makes a threshold of 0', () => {
  assert.equal(kind('avail-switchover-bandwidth', 0n), undefined);
  assert.equal(kind('avail-switchover-bandwidth', 1n), 'threshold-zero');
  assert.equal(kind('avail-switchover-bandwidth', 999n), 'threshold-zero');
  assert.equal(kind('avail-switchover-bandwidth', 1000n), undefined);
  assert.equal(kind('max-bandwidth', 999n), undefined, 'of the declared one only');
});

test('a negative size is taken modulo 2^64', () => {
  const remark = checkParameterValue('avail-switchover-bandwidth', -1n);
  assert.equal(remark?.severity, 'warning');
  assert.match(remark?.message ?? '', /18446744073709551615/);
  assert.equal(kind('vcpu-dirty-limit', -1n), 'wraps');
  assert.equal(kind('downtime-limit', -1n), 'out-of-range');
  assert.equal(kind('multifd-channels', -1n), 'out-of-range');
});

test('ranges are inclusive, to the last of 2^64', () => {
  assert.equal(kind('avail-switchover-bandwidth', 2n ** 64n - 1n), undefined);
  assert.equal(kind('avail-switchover-bandwidth', 2n ** 64n), 'out-of-range');
  assert.equal(kind('downtime-limit', 2_000_000n), undefined);
  assert.equal(kind('downtime-limit', 2_000_001n), 'out-of-range');
  assert.match(checkParameterValue('downtime-limit', 2_000_001n)?.message ?? '', /0 to 2000000 ms/);
});

test('the cache of xbzrle is a power of two', () => {
  assert.equal(kind('xbzrle-cache-size', 67_108_864n), undefined);
  assert.equal(kind('xbzrle-cache-size', 67_108_865n), 'not-a-power-of-two');
});

test('nothing is said of what is not known', () => {
  assert.equal(kind('x-parameter-of-the-future', -5n), undefined);
  assert.equal(kind('mode', 5n), undefined);
});
