import type { BandwidthUnit } from '../shared/chartMessages.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { formatBandwidth, formatBytes, formatDuration } from '../shared/units.ts';
import { seenDowntimeMs } from './completedVerdict.ts';
import { latestParameters } from './parameterTimeline.ts';

export interface Fact {
  label: string;
  value: string;
}

/** The figures for the head of a panel or a report; what is not known is left out. */
export function runFacts(record: RunRecord, unit: BandwidthUnit): Fact[] {
  const { declaredBandwidth, maxBandwidth, downtimeLimitMs } = latestParameters(record);
  const { result } = record;
  const last = record.samples.at(-1);
  const facts: Fact[] = [];
  const add = (label: string, value: string | undefined): void => {
    if (value !== undefined) facts.push({ label, value });
  };
  const known = record.declaredBandwidth !== undefined;
  add(
    'Declared',
    declaredBandwidth ? formatBandwidth(declaredBandwidth, unit) : known ? 'not declared' : undefined,
  );
  add('Max bandwidth', maxBandwidth === undefined ? undefined : formatBandwidth(maxBandwidth, unit));
  add('Downtime limit', downtimeLimitMs === undefined ? undefined : formatDuration(Number(downtimeLimitMs)));
  add('Passes', text(result?.passes ?? last?.pass));
  add('Transferred', bytes(result?.transferred ?? last?.transferred));
  add(result?.totalTimeMs === undefined ? 'Time' : 'Total time', time(result?.totalTimeMs ?? last?.t));
  if (!result) return facts;
  add('Downtime', time(result.downtimeMs));
  add('STOP to RESUME', time(seenDowntimeMs(result)));
  const { switchoverBandwidth } = result;
  add(
    'Switchover',
    switchoverBandwidth === undefined ? undefined : formatBandwidth(switchoverBandwidth, unit),
  );
  return facts;
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function bytes(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatBytes(value);
}

function time(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatDuration(value);
}
