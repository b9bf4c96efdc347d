import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../../scripts/demo/judge.ts';
import { markdownReport, plainComparison } from '../../../scripts/demo/report.ts';
import type { RunRecord } from '../../../src/shared/runRecord.ts';

const MIB = 1024 * 1024;

function record(passes: number, lastsMs: number, fields: Partial<RunRecord>): RunRecord {
  const numbers = Array.from({ length: passes }, (_, i) => i + 1);
  return {
    format: 'qmp-migration-run',
    version: 1,
    vm: { name: 'source', address: 'unix:/s', qemu: '10.0.2' },
    startedAt: '2026-01-01T00:00:00.000Z',
    via: 'qmp',
    maxBandwidth: 32 * MIB,
    downtimeLimitMs: 300,
    parameters: {},
    capabilities: ['events'],
    samples: numbers.map((pass) => ({
      t: (lastsMs * pass) / passes,
      status: 'active',
      pass,
      estimatedBandwidth: 33_500_000,
    })),
    iterations: numbers.map((pass) => ({ pass, start: pass - 1, end: pass, remaining: 16 * MIB })),
    changes: [],
    ...fields,
  };
}

const UNDECLARED = record(70, 15_100, { declaredBandwidth: 0, result: { status: 'cancelled', passes: 70 } });
const DECLARED = record(3, 3_000, {
  declaredBandwidth: 100 * MIB,
  result: {
    status: 'completed',
    totalTimeMs: 3_200,
    downtimeMs: 208,
    passes: 3,
    switchoverBandwidth: 90 * MIB,
  },
});

function brokenClaims(undeclared: RunRecord, declared: RunRecord): string[] {
  return judge({ undeclared, declared })
    .filter(({ holds }) => !holds)
    .map(({ claim }) => claim);
}

describe('the judgement of the demo', () => {
  it('is content with what it promises', () => {
    assert.deepEqual(brokenClaims(UNDECLARED, DECLARED), []);
  });

  it('notices a run that switched over although nothing was declared', () => {
    const completed = { ...UNDECLARED, result: { status: 'completed' } };
    assert.match(brokenClaims(completed, DECLARED).join(), /cancelled/);
  });

  it('notices a run that was given up too early', () => {
    const early = record(70, 4_000, { result: { status: 'cancelled', passes: 70 } });
    assert.match(brokenClaims(early, DECLARED).join(), /cancelled after 15 s/);
  });

  it('notices a guest that keeps too little dirty', () => {
    const idle = {
      ...UNDECLARED,
      iterations: UNDECLARED.iterations.map((pass) => ({ ...pass, remaining: MIB })),
    };
    assert.match(brokenClaims(idle, DECLARED).join(), /between the two thresholds/);
  });

  it('notices another value than the one declared', () => {
    assert.match(
      brokenClaims(UNDECLARED, { ...DECLARED, declaredBandwidth: 100_000_000 }).join(),
      /declared/,
    );
  });
});

describe('the report of the demo', () => {
  const runs = { undeclared: UNDECLARED, declared: DECLARED };

  it('shows both runs side by side', () => {
    const table = plainComparison(runs);
    assert.match(table, /^Passes +70 +3$/m);
    assert.match(table, /^Outcome +cancelled +completed$/m);
  });

  it('carries the findings with their numbers', () => {
    assert.match(markdownReport(runs, judge(runs)), /^- ✓ With nothing declared.*70 passes in 15\.1 s$/m);
  });
});
