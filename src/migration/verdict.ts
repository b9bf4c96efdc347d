import type { RunRecord } from '../shared/runRecord.ts';
import { formatDuration } from '../shared/units.ts';
import { completedVerdict } from './completedVerdict.ts';
import { isEnd, isPostcopy } from './queryMigrate.ts';
import { readSituation, type Situation } from './situation.ts';
import { bandwidthForThreshold } from './threshold.ts';
import { rateInWords, roundUp, settingInWords, sizeInWords } from './words.ts';

/** So many passes must have ended before a verdict says that the guest dirties too much. */
const passesToJudge = 3;
/** What is recommended leaves this much room above what the guest keeps dirty. */
const room = 1.1;

/** The state of a run in plain words, with its numbers: why it does or does not switch over. Only what was measured is told. */
export function verdict(record: RunRecord): string {
  const situation = readSituation(record);
  const { result } = record;
  if (!result) return runningVerdict(record, situation);
  const lasted = formatDuration(result.totalTimeMs ?? record.samples.at(-1)?.t ?? 0);
  switch (result.status) {
    case 'completed':
      return completedVerdict(record, result, situation);
    case 'failed':
      return `Failed after ${lasted}: ${result.error ?? 'QEMU gives no reason.'}`;
    case 'cancelled':
      return `Cancelled after ${lasted}${inPasses(situation.passes)}. ${balance(situation)}`.trim();
    case 'lost':
      return `Lost after ${lasted}: ${result.error ?? 'how it ended is not known.'}`;
    default:
      return `Ended as "${result.status}" after ${lasted}.`;
  }
}

function runningVerdict(record: RunRecord, situation: Situation): string {
  const last = record.samples.at(-1);
  if (!last || last.status === 'setup') return 'Setting up: nothing has been sent yet.';
  if (last.status === 'cancelling') return 'Being cancelled: QEMU has not ended it yet.';
  if (last.status === 'device') return 'Switching over: the guest stands still while the rest goes over.';
  if (last.status === 'pre-switchover') {
    return 'Before the switchover: the guest stands still, and QEMU waits for migrate-continue (capability pause-before-switchover).';
  }
  if (isPostcopy(last.status)) {
    return `In postcopy (${last.status}): the guest runs on the destination, a declared bandwidth has no effect any more.`;
  }
  if (isEnd(last.status)) return 'Completed; the end of the switchover is being awaited.';
  if (situation.dirty === undefined) return firstPass(last, situation);
  return balance(situation);
}

function firstPass(last: RunRecord['samples'][number], situation: Situation): string {
  const share =
    last.pass === 1 && last.remaining !== undefined && last.total
      ? ` ${Math.floor(100 * (1 - last.remaining / last.total))} % are done.`
      : '';
  const head =
    last.pass === 1
      ? `First pass: the whole memory is sent once.${share}`
      : 'No pass has been seen from its beginning to its end yet.';
  return `${head} ${thresholds(situation)}`.trim();
}

/** Estimate, threshold and working set against one another, and what would help. */
function balance(situation: Situation): string {
  const { dirty, declaredBandwidth, thresholdByDeclared, thresholdByEstimate } = situation;
  const threshold = declaredBandwidth === undefined ? thresholdByEstimate : thresholdByDeclared;
  if (dirty === undefined || threshold === undefined) return thresholds(situation);
  const keeps = keepsDirty(dirty, situation);
  if (dirty < threshold) {
    const ahead = isEnd(situation.status) ? '' : ' That is below the threshold: it is about to switch over.';
    return `${thresholds(situation, keeps)}${ahead}`;
  }
  if (situation.shrinking) return `${thresholds(situation, keeps)} What is left shrinks from pass to pass.`;
  if (situation.dirtyPasses < passesToJudge) return thresholds(situation, keeps);
  return `${thresholds(situation, keeps)} ${advice(dirty, situation)}`;
}

function keepsDirty(dirty: number, { dirtyPasses }: Situation): string {
  const amount = `about ${sizeInWords(dirty, 2)}`;
  return dirtyPasses < passesToJudge
    ? `${amount} were left after the last pass`
    : `this guest keeps ${amount} dirty`;
}

function thresholds(situation: Situation, dirtyClause?: string): string {
  const { estimate, thresholdByEstimate, declaredBandwidth, thresholdByDeclared } = situation;
  const sentences: string[] = [];
  const clause = dirtyClause === undefined ? '' : `; ${dirtyClause}`;
  if (estimate !== undefined && thresholdByEstimate !== undefined) {
    const verb = declaredBandwidth === undefined ? 'it switches over' : 'by that alone it would switch over';
    sentences.push(
      `QEMU estimates ${rateInWords(estimate)}, so ${verb} only below ${sizeInWords(thresholdByEstimate)}${clause}.`,
    );
  } else if (dirtyClause !== undefined) {
    sentences.push(`${dirtyClause.charAt(0).toUpperCase()}${dirtyClause.slice(1)}.`);
  }
  if (declaredBandwidth !== undefined && thresholdByDeclared !== undefined) {
    sentences.push(
      `With ${settingInWords(declaredBandwidth)} declared the threshold is ${sizeInWords(thresholdByDeclared)}.`,
    );
  }
  return sentences.join(' ');
}

function advice(dirty: number, situation: Situation): string {
  const { declaredBandwidth, downtimeLimitMs, maxBandwidth, capped, estimate } = situation;
  if (downtimeLimitMs === undefined) return '';
  const enough = roundUp(bandwidthForThreshold(dirty * room, Number(downtimeLimitMs)));
  const perMs = Number(declaredBandwidth ?? estimate ?? 0) / 1000;
  const longer = perMs > 0 ? roundUp((dirty * room) / perMs) : undefined;
  const limit = longer === undefined ? '' : `, or a downtime-limit of ${longer} ms,`;
  const held =
    capped && maxBandwidth !== undefined
      ? ` max-bandwidth (${settingInWords(maxBandwidth)}) holds the estimate down, but does not apply in the switchover.`
      : '';
  const what = declaredBandwidth === undefined ? 'Declaring' : 'That is too little: declaring';
  return `${what} ${rateInWords(enough)} or more${limit} would lift the threshold above it, if the link carries as much.${held}`;
}

function inPasses(passes: number): string {
  return passes > 0 ? ` in pass ${passes}` : '';
}
