import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundledService, MarkedDocument } from './support/marked.ts';

const service = bundledService();
const hover = (marked: string): string => new MarkedDocument(service, marked).hover() ?? '';

test('a command tells its arguments and the version that has it', () => {
  const text = hover('device|_add driver=x');
  assert.match(text, /`device_add` in QEMU 10\./);
  assert.match(text, /`driver`: text\n/);
  assert.match(text, /`bus`: text, optional/);
  assert.match(hover('{"execute": "query-st|atus"}'), /takes no arguments/);
  assert.match(hover('{"exec-oob": "migrate-pa|use"}'), /out of band/);
});

test('a parameter tells what it means, its unit, range, default and age', () => {
  for (const marked of [
    'migrate-set-parameters avail-switch|over-bandwidth=125000000',
    '{"execute": "migrate-set-parameters", "arguments": {"avail-switch|over-bandwidth": 1}}',
  ]) {
    const text = hover(marked);
    assert.match(text, /throttles nothing/);
    assert.match(text, /Range 0 to 18,446,744,073,709,551,615 B\/s; 0 = not declared/);
    assert.match(text, /since QEMU 8\.2/);
  }
  assert.match(hover('migrate-set-parameters x-checkpoint-dela|y=1'), /Unstable/);
});

test('a number is told in the units that people think in', () => {
  assert.match(
    hover('migrate-set-parameters max-bandwidth=1250|00000'),
    /\*\*125,000,000 B\/s\*\* = 119 MiB\/s = 1,000 Mbit\/s/,
  );
  assert.match(hover('migrate-set-parameters xbzrle-cache-size=671|08864'), /= 64 MiB/);
  assert.match(hover('migrate-set-parameters downtime-limit=12|000'), /= 12 s/);
});

test('a declared bandwidth is told as the threshold that it makes', () => {
  const alone = hover('migrate-set-parameters avail-switchover-bandwidth=10|4857600');
  assert.match(alone, /31,457,100 bytes .* 104,857 bytes\/ms × 300 ms of QEMU's default/);
  const both = hover('migrate-set-parameters downtime-limit=500 avail-switchover-bandwidth=10|4857600');
  assert.match(both, /52,428,500 bytes .* 500 ms of downtime-limit/);
});

test('exact to 2^64−1', () => {
  const text = hover('migrate-set-parameters avail-switchover-bandwidth=1844674407370955161|5');
  assert.match(text, /\*\*18,446,744,073,709,551,615 B\/s\*\*/);
});

test('nothing where there is nothing to tell', () => {
  assert.equal(hover('# comm|ent'), '');
  assert.equal(hover('no-such-comm|and'), '');
  assert.equal(hover('query-status un|known=1'), '');
});
