import type { BandwidthStep } from '../shared/chartMessages.ts';
import type { Iteration, RunRecord } from '../shared/runRecord.ts';
import { defined } from './queryMigrate.ts';

/** Below this a pass is too short for its bandwidth to mean much (off by 23 % in the median under 0.2 s). */
const pooledMs = 500;
const pooledPasses = 5;
/** Ends and beginnings this close are the same moment. */
const gapMs = 1;

interface Pool {
  passes: number;
  bytes: number;
  start: number;
  end: number;
  firstPass: number;
  lastPass: number;
}

/**
 * Average bandwidths to draw: consecutive short passes are pooled until they make half a second or are five. What is left
 * over at the end joins the step before, once the run has ended; until then it waits.
 */
export function poolIterations(iterations: readonly Iteration[], ended: boolean): BandwidthStep[] {
  const done: Pool[] = [];
  let pool: Pool | undefined;
  const flush = (): void => {
    if (pool) join(done, pool);
    pool = undefined;
  };
  for (const iteration of iterations) {
    if (iteration.bytes === undefined || iteration.end <= iteration.start) {
      flush();
      continue;
    }
    if (pool && Math.abs(iteration.start - pool.end) > gapMs) flush();
    pool = extend(pool, iteration, iteration.bytes);
    if (isEnough(pool)) {
      done.push(pool);
      pool = undefined;
    }
  }
  if (ended) flush();
  return done.map(({ bytes, start, end, firstPass, lastPass }) => {
    return { start, end, bandwidth: (bytes * 1000) / (end - start), firstPass, lastPass };
  });
}

/**
 * The steps of a record. What was sent while the guest stood still was sent without the cap, and is shown as the
 * switchover: pooled with the passes before, it would draw a bandwidth that never was.
 */
export function bandwidthSteps({ iterations, result }: RunRecord): BandwidthStep[] {
  const stopped = result?.switchoverStart ?? Number.POSITIVE_INFINITY;
  return poolIterations(
    iterations.filter(({ start }) => start < stopped),
    result !== undefined,
  );
}

/** The pass under way, as far as the samples tell. */
export function runningIteration(record: RunRecord): Iteration | undefined {
  const last = record.samples.at(-1);
  if (record.result || last?.pass === undefined) return undefined;
  const before = record.iterations.at(-1);
  const first = record.samples.findLast((sample, index, samples) => {
    return sample.pass === last.pass && samples[index - 1]?.pass !== last.pass;
  });
  const start = before && before.pass === last.pass - 1 ? before.end : last.pass === 1 ? first?.t : undefined;
  if (!first || start === undefined || last.t <= start) return undefined;
  const bytes =
    last.transferred === undefined || first.transferred === undefined
      ? undefined
      : last.transferred - first.transferred;
  return {
    pass: last.pass,
    start,
    end: last.t,
    ...defined('bytes', bytes),
    ...defined('bandwidth', bytes === undefined ? undefined : (bytes * 1000) / (last.t - start)),
  };
}

function extend(pool: Pool | undefined, { pass, start, end }: Iteration, bytes: number): Pool {
  if (!pool) return { passes: 1, bytes, start, end, firstPass: pass, lastPass: pass };
  return { ...pool, passes: pool.passes + 1, bytes: pool.bytes + bytes, end, lastPass: pass };
}

function isEnough({ passes, start, end }: Pool): boolean {
  return end - start >= pooledMs || passes >= pooledPasses;
}

function join(done: Pool[], rest: Pool): void {
  const last = done.at(-1);
  if (!last || Math.abs(rest.start - last.end) > gapMs) {
    done.push(rest);
    return;
  }
  const { passes, bytes, end, lastPass } = rest;
  done[done.length - 1] = { ...last, passes: last.passes + passes, bytes: last.bytes + bytes, end, lastPass };
}
