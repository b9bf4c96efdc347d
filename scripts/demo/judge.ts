import { readSituation } from '../../src/migration/situation.ts';
import type { RunRecord } from '../../src/shared/runRecord.ts';
import { PLAN } from './plan.ts';

/** The two recorded migrations of the same guest. */
export interface DemoRuns {
  readonly undeclared: RunRecord;
  readonly declared: RunRecord;
}

/** One thing that the demo promises, and whether it came true. */
export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
  /** The measured numbers. */
  readonly seen: string;
}

/** Compares the two recorded migrations with what the demo promises. */
export function judge({ undeclared, declared }: DemoRuns): Finding[] {
  const without = readSituation(undeclared);
  const withValue = readSituation(declared);
  const lasted = undeclared.samples.at(-1)?.t ?? 0;
  const { dirty = 0, thresholdByEstimate: estimated = 0 } = without;
  const allowed = Math.floor(PLAN.declaredBandwidth / 1000) * PLAN.downtimeLimitMs;
  return [
    {
      claim: 'With nothing declared, the migration goes on pass after pass',
      holds: without.passes >= PLAN.fewestPassesUndeclared && Number(undeclared.declaredBandwidth ?? 0) === 0,
      seen: `${without.passes} passes in ${(lasted / 1000).toFixed(1)} s`,
    },
    {
      claim: `… and is cancelled after ${PLAN.cancelAfterMs / 1000} s`,
      holds: without.status === 'cancelled' && lasted >= PLAN.cancelAfterMs - 1_000,
      seen: without.status,
    },
    {
      claim: 'What the guest keeps dirty lies between the two thresholds',
      holds: estimated > 0 && dirty > estimated && dirty < allowed,
      seen: `${Math.round(estimated)} < ${dirty} < ${allowed} bytes`,
    },
    {
      claim: `With ${PLAN.declaredBandwidth} B/s declared, it switches over within a few passes`,
      holds:
        withValue.status === 'completed' &&
        declared.declaredBandwidth === PLAN.declaredBandwidth &&
        withValue.passes <= PLAN.mostPassesDeclared,
      seen: `${withValue.status} after ${withValue.passes} passes`,
    },
  ];
}
