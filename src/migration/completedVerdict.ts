import type { RunRecord, RunResult } from '../shared/runRecord.ts';
import { formatDuration } from '../shared/units.ts';
import type { Situation } from './situation.ts';
import { rateInWords, settingInWords, sizeInWords } from './words.ts';

/** A link that reaches less than this share of what was declared was over-declared. */
const honestShare = 0.9;
/** More passes than this mean that the migration waited for its chance. */
const fewPasses = 4;

/** What a completed run shows: what it took, what the declared bandwidth was good for, and whether it was honest. */
export function completedVerdict(record: RunRecord, result: RunResult, situation: Situation): string {
  const sentences = [headline(result), benefit(result, situation), honesty(record, result, situation)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** From STOP to RESUME where both were seen, which is longer than what QEMU reports. */
export function seenDowntimeMs(result: RunResult): number | undefined {
  const { switchoverStart, switchoverEnd } = result;
  return switchoverStart === undefined || switchoverEnd === undefined
    ? undefined
    : switchoverEnd - switchoverStart;
}

function headline(result: RunResult): string {
  const time = result.totalTimeMs === undefined ? '' : ` in ${formatDuration(result.totalTimeMs)}`;
  const passes = result.passes === undefined ? '' : ` and ${result.passes} passes`;
  const reported =
    result.downtimeMs === undefined ? '' : `, downtime ${formatDuration(result.downtimeMs)} by QEMU's count`;
  const seen = seenDowntimeMs(result);
  const stood = seen === undefined ? '' : `, ${formatDuration(seen)} from STOP to RESUME`;
  return `Completed${time}${passes}${reported}${stood}.`;
}

function benefit(result: RunResult, situation: Situation): string {
  const { declaredBandwidth, thresholdByDeclared, thresholdByEstimate, estimate } = situation;
  // What QEMU sent of a guest that stood still had been left when it decided.
  const dirty = result.downtimeBytes ?? situation.dirty;
  if (dirty === undefined || estimate === undefined || thresholdByEstimate === undefined) return '';
  const left = `about ${sizeInWords(dirty, 2)}`;
  const byEstimate = `QEMU's own estimate of ${rateInWords(estimate)} allows a switchover only below ${sizeInWords(thresholdByEstimate)}`;
  const enough = dirty < thresholdByEstimate;
  if (declaredBandwidth === undefined || thresholdByDeclared === undefined) {
    if (!enough || (result.passes ?? 0) > fewPasses) return `${byEstimate}; ${left} were left in the end.`;
    return `${byEstimate}, and no more than ${left} were left: declaring a bandwidth has nothing to win here.`;
  }
  const declared = settingInWords(declaredBandwidth);
  if (enough) {
    return `${byEstimate}, and no more than ${left} were left: it would have switched over as well without the declared ${declared}, which won nothing here.`;
  }
  return `${byEstimate}; ${left} were left. With ${declared} declared the threshold is ${sizeInWords(thresholdByDeclared)}.`;
}

function honesty(record: RunRecord, result: RunResult, situation: Situation): string {
  const { declaredBandwidth, downtimeLimitMs } = situation;
  const { switchoverBandwidth } = result;
  const downtime = seenDowntimeMs(result) ?? result.downtimeMs;
  if (downtime === undefined || downtimeLimitMs === undefined || downtime <= Number(downtimeLimitMs))
    return '';
  const above = `The downtime is above the limit of ${formatDuration(Number(downtimeLimitMs))}`;
  const short = switchoverBandwidth !== undefined && declaredBandwidth !== undefined;
  if (!short || switchoverBandwidth >= honestShare * Number(declaredBandwidth)) return `${above}.`;
  const how = record.result?.switchoverMeasuredBy === 'reported-downtime' ? ' by the reported downtime' : '';
  return `${above}: ${settingInWords(declaredBandwidth)} were declared, but the switchover reached ${rateInWords(switchoverBandwidth)}${how}. Declare no more than that.`;
}
