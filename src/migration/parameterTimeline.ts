import type { ExactInteger } from '../shared/json.ts';
import type { RunRecord } from '../shared/runRecord.ts';

/** The parameters that decide on bandwidth and threshold, at one moment of a run. A 0 of QEMU ("none") is absent. */
export interface ParametersAt {
  declaredBandwidth: ExactInteger | undefined;
  maxBandwidth: ExactInteger | undefined;
  downtimeLimitMs: ExactInteger | undefined;
}

/** Walks along a record's time axis; ask for moments in rising order. */
export class ParameterTimeline {
  private readonly changes: RunRecord['changes'];
  private next = 0;
  private declared: ExactInteger | undefined;
  private max: ExactInteger | undefined;
  private limit: ExactInteger | undefined;

  constructor(record: RunRecord) {
    this.changes = record.changes;
    this.declared = record.declaredBandwidth;
    this.max = record.maxBandwidth;
    this.limit = record.downtimeLimitMs;
  }

  at(t: number): ParametersAt {
    for (let change = this.changes[this.next]; change && change.t <= t; change = this.changes[++this.next]) {
      if (typeof change.to !== 'number' && typeof change.to !== 'bigint') continue;
      if (change.parameter === 'avail-switchover-bandwidth') this.declared = change.to;
      else if (change.parameter === 'max-bandwidth') this.max = change.to;
      else if (change.parameter === 'downtime-limit') this.limit = change.to;
    }
    return {
      declaredBandwidth: this.declared || undefined,
      maxBandwidth: this.max || undefined,
      downtimeLimitMs: this.limit,
    };
  }
}

/** The parameters at the end of the record. */
export function latestParameters(record: RunRecord): ParametersAt {
  return new ParameterTimeline(record).at(Number.POSITIVE_INFINITY);
}
