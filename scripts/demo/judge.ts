import type { RunRecord } from '../../src/shared/runRecord.ts';
import { PLAN } from './plan.ts';

/** One thing that the demo promises, and whether it came true. */
export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
  /** The measured numbers. */
  readonly seen: string;
}

/** Compares the two recorded migrations with what the demo promises. */
export function judge(undeclared: RunRecord, declared: RunRecord): Finding[] {
  const dirty = typicalRemaining(undeclared);
  const estimated = highestThreshold(undeclared);
  const allowed = Math.floor(PLAN.declaredBandwidth / 1000) * PLAN.downtimeLimitMs;
  const undeclaredPasses = passesOf(undeclared);
  const declaredPasses = passesOf(declared);
  const lasted = undeclared.samples.at(-1)?.t ?? 0;
  return [
    {
      claim: 'With nothing declared, the migration goes on pass after pass',
      holds:
        undeclaredPasses >= PLAN.fewestPassesUndeclared && Number(undeclared.declaredBandwidth ?? 0) === 0,
      seen: `${undeclaredPasses} passes in ${(lasted / 1000).toFixed(1)} s`,
    },
    {
      claim: `… and is cancelled after ${PLAN.cancelAfterMs / 1000} s`,
      holds: undeclared.result?.status === 'cancelled' && lasted >= PLAN.cancelAfterMs - 1_000,
      seen: undeclared.result?.status ?? 'no result',
    },
    {
      claim: 'What the guest keeps dirty lies between the two thresholds',
      holds: dirty > estimated && dirty < allowed,
      seen: `${estimated} < ${dirty} < ${allowed} bytes`,
    },
    {
      claim: `With ${PLAN.declaredBandwidth} B/s declared, it switches over within a few passes`,
      holds:
        declared.result?.status === 'completed' &&
        declared.declaredBandwidth === PLAN.declaredBandwidth &&
        declaredPasses <= PLAN.mostPassesDeclared,
      seen: `${declared.result?.status ?? 'no result'} after ${declaredPasses} passes`,
    },
  ];
}

/** The number of the last pass that was seen. */
export function passesOf(record: RunRecord): number {
  const seen = record.samples.flatMap(({ pass }) => pass ?? []);
  return Math.max(0, record.result?.passes ?? 0, ...seen);
}

/** Median of what was still dirty when a pass ended, in bytes. The first pass sends all memory and tells nothing. */
export function typicalRemaining(record: RunRecord): number {
  const ends = record.iterations.filter(({ pass }) => pass > 1).flatMap(({ remaining }) => remaining ?? []);
  const sorted = ends.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The most that QEMU's own estimate ever allowed to be left for the switchover, in bytes. */
export function highestThreshold(record: RunRecord): number {
  return Math.max(
    0,
    ...record.samples.flatMap(({ threshold }) => (threshold === undefined ? [] : Number(threshold))),
  );
}
