import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../../../src/migration/verdict.ts';
import type { RunRecord } from '../../../src/shared/runRecord.ts';
import { completedRun, pass, sample, sampleRun } from './sampleRun.ts';
import { parameters } from './scriptedMonitor.ts';

const declared = (bytes: number): Partial<RunRecord> => ({
  declaredBandwidth: bytes,
  parameters: parameters({ 'avail-switchover-bandwidth': bytes }),
});
const completed = completedRun().result;

const cases: [string, RunRecord, string | RegExp][] = [
  [
    'nothing declared and no end in sight',
    sampleRun(),
    'QEMU estimates 33.5 MB/s, so it switches over only below 10.1 MB; this guest keeps about 16 MB dirty. ' +
      'Declaring 59 MB/s or more, or a downtime-limit of 530 ms, would lift the threshold above it, if the link carries as much. ' +
      'max-bandwidth (32 MiB/s) holds the estimate down, but does not apply in the switchover.',
  ],
  [
    'too little declared',
    sampleRun(declared(40_000_000)),
    /With 40 MB\/s declared the threshold is 12 MB\. That is too little: declaring 59 MB\/s or more/,
  ],
  [
    'enough declared',
    sampleRun(declared(104_857_600)),
    'QEMU estimates 33.5 MB/s, so by that alone it would switch over only below 10.1 MB; this guest keeps about 16 MB dirty. ' +
      'With 100 MiB/s declared the threshold is 31.5 MB. That is below the threshold: it is about to switch over.',
  ],
  [
    'converging by itself',
    sampleRun({
      iterations: [
        pass(1, 0, 2000, 66e6, 60e6),
        pass(2, 2000, 3000, 60e6, 30e6),
        pass(3, 3000, 3500, 30e6, 15e6),
      ],
    }),
    /shrinks from pass to pass\.$/,
  ],
  ['setup', sampleRun({ samples: [], iterations: [] }), /^Setting up/],
  [
    'first pass',
    sampleRun({ samples: [sample(100, 1, { remaining: 277_254_144 })], iterations: [] }),
    'First pass: the whole memory is sent once. 50 % are done. QEMU estimates 33.5 MB/s, so it switches over only below 10.1 MB.',
  ],
  [
    'first pass, nothing measured yet',
    sampleRun({ samples: [{ t: 1, status: 'active', pass: 1 }], iterations: [] }),
    'First pass: the whole memory is sent once.',
  ],
  [
    'two passes judge nothing',
    sampleRun({ iterations: [pass(1, 0, 2000), pass(2, 2000, 2500)] }),
    /about 16 MB were left after the last pass\.$/,
  ],
  ['switching over', sampleRun({ samples: [sample(100, 3, { status: 'device' })] }), /^Switching over/],
  [
    'waiting to be told to go on',
    sampleRun({ samples: [sample(100, 3, { status: 'pre-switchover' })] }),
    'Before the switchover: the guest stands still, and QEMU waits for migrate-continue (capability pause-before-switchover).',
  ],
  ['postcopy', sampleRun({ samples: [sample(100, 3, { status: 'postcopy-active' })] }), /no effect any more/],
  [
    'completed thanks to the declared value',
    completedRun(),
    /^Completed in 2\.48 s and 3 passes, downtime 208 ms by QEMU's count, 240 ms from STOP to RESUME\. .*10\.1 MB; about 20 MB were left\. With 100 MiB\/s declared the threshold is 31\.5 MB\.$/,
  ],
  [
    'completed, the declared value won nothing',
    completedRun({ result: { status: 'completed', downtimeBytes: 1_000_000, passes: 3 } }),
    /would have switched over as well without the declared 100 MiB\/s, which won nothing here/,
  ],
  [
    'completed on an idle guest with nothing declared',
    sampleRun({ result: { status: 'completed', downtimeBytes: 900_000, passes: 3 } }),
    /no more than about 900 kB were left: declaring a bandwidth has nothing to win here\.$/,
  ],
  [
    'over-declared',
    completedRun({
      ...declared(1_000_000_000),
      result: { ...completed, status: 'completed', switchoverEnd: 2700, switchoverBandwidth: 40_000_000 },
    }),
    /above the limit of 300 ms: 8 Gbit\/s were declared, but the switchover reached 40 MB\/s\. Declare no more than that\.$/,
  ],
  [
    'above the limit with nothing known about the link',
    sampleRun({ result: { status: 'completed', downtimeMs: 400, passes: 30 } }),
    /above the limit of 300 ms\.$/,
  ],
  [
    'cancelled',
    sampleRun({ result: { status: 'cancelled', passes: 5 } }),
    /^Cancelled after 3\.60 s in pass 5\. QEMU estimates/,
  ],
  [
    'failed',
    sampleRun({ result: { status: 'failed', error: 'Broken pipe' } }),
    'Failed after 3.60 s: Broken pipe',
  ],
  ['failed without a reason', sampleRun({ result: { status: 'failed' } }), /gives no reason/],
  ['lost', sampleRun({ result: { status: 'lost', error: 'Gone.' } }), 'Lost after 3.60 s: Gone.'],
  ['an end of a later QEMU', sampleRun({ result: { status: 'vanished' } }), /Ended as "vanished"/],
  [
    'cancelled before anything',
    sampleRun({ samples: [], iterations: [], result: { status: 'cancelled' } }),
    /^Cancelled after 0 ms\.$/,
  ],
];

for (const [what, record, expected] of cases) {
  test(what, () => {
    if (typeof expected === 'string') assert.equal(verdict(record), expected);
    else assert.match(verdict(record), expected);
  });
}

test('what is recommended would do', () => {
  const recommended = Number(/Declaring (\d+) MB\/s/.exec(verdict(sampleRun()))?.[1]) * 1e6;
  assert.doesNotMatch(verdict(sampleRun(declared(recommended))), /too little/);
});
