import type { RunRecord } from '../shared/runRecord.ts';
import { latestParameters, type ParametersAt } from './parameterTimeline.ts';
import { declaredThreshold } from './threshold.ts';
import { median } from './words.ts';

/** What the verdict rests on, all of it measured or set; what is not known is undefined. Bytes, ms, bytes per second. */
export interface Situation extends ParametersAt {
  status: string;
  /** Passes that began. */
  passes: number;
  /** QEMU's own estimate in the last second. */
  estimate: number | undefined;
  thresholdByEstimate: number | undefined;
  thresholdByDeclared: number | undefined;
  /** What is left after a pass: the median of the last five that ended before the switchover. */
  dirty: number | undefined;
  /** How many passes `dirty` rests on. */
  dirtyPasses: number;
  /** What is left gets less from pass to pass. */
  shrinking: boolean;
  /** The estimate is what max-bandwidth allows, not what the link can carry. */
  capped: boolean;
}

const lastSamples = 10;
const lastPasses = 5;

export function readSituation(record: RunRecord): Situation {
  const parameters = latestParameters(record);
  const { declaredBandwidth, maxBandwidth, downtimeLimitMs } = parameters;
  const limit = downtimeLimitMs === undefined ? undefined : Number(downtimeLimitMs);
  const estimate = median(
    record.samples.slice(-lastSamples).map(({ estimatedBandwidth }) => estimatedBandwidth),
  );
  const left = remainders(record);
  const first = left.at(0);
  const last = left.at(-1);
  const byDeclared =
    declaredBandwidth !== undefined && downtimeLimitMs !== undefined
      ? declaredThreshold(declaredBandwidth, downtimeLimitMs)
      : undefined;
  return {
    ...parameters,
    status: record.result?.status ?? record.samples.at(-1)?.status ?? 'setup',
    passes: record.result?.passes ?? record.samples.at(-1)?.pass ?? 0,
    estimate,
    thresholdByEstimate:
      estimate === undefined || limit === undefined ? undefined : (estimate * limit) / 1000,
    thresholdByDeclared: byDeclared === undefined ? undefined : Number(byDeclared),
    dirty: median(left),
    dirtyPasses: left.length,
    shrinking: first !== undefined && last !== undefined && last < 0.8 * first,
    capped: estimate !== undefined && maxBandwidth !== undefined && estimate > 0.85 * Number(maxBandwidth),
  };
}

/** The sync inside the switchover and the end count what was left of a guest that stood still. */
function remainders(record: RunRecord): number[] {
  const stopped = record.result?.switchoverStart ?? Number.POSITIVE_INFINITY;
  const completed = record.result?.status === 'completed';
  const iterations = record.iterations.filter(({ end }) => end < stopped);
  const passes = record.result?.passes ?? Number.POSITIVE_INFINITY;
  return iterations
    .filter(({ pass }) => !completed || pass < passes - 1)
    .map(({ remaining }) => remaining)
    .filter((remaining) => remaining !== undefined)
    .slice(-lastPasses);
}
