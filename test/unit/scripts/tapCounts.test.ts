import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countTap } from '../../../scripts/testing/tapCounts.ts';

function report(lines: readonly string[], totals: Record<string, number>): string {
  return [...lines, ...Object.entries(totals).map(([name, number]) => `# ${name} ${number}`), ''].join('\n');
}

describe('counting a TAP report', () => {
  it('takes the totals at the end', () => {
    const tap = report(['ok 1 - adds', 'not ok 2 - divides'], {
      pass: 1,
      fail: 1,
      cancelled: 0,
      skipped: 0,
      todo: 0,
    });
    assert.deepEqual(countTap(tap, ['/t/a.test.ts']), { passed: 1, failed: 1 });
  });

  it('takes what did not run for failed', () => {
    const tap = report(['ok 1 - later # SKIP'], { pass: 3, fail: 0, cancelled: 1, skipped: 1, todo: 1 });
    assert.deepEqual(countTap(tap, []), { passed: 3, failed: 3 });
  });

  it('takes a file without tests for failed', () => {
    const tap = report(['ok 1 - /t/a.test.ts', 'ok 2 - adds'], { pass: 2, fail: 0 });
    assert.deepEqual(countTap(tap, ['/t/a.test.ts', '/t/b.test.ts']), { passed: 1, failed: 1 });
  });

  it('finds nothing in a report that was never finished', () => {
    assert.deepEqual(countTap('TAP version 13\n', []), { passed: 0, failed: 0 });
  });
});
