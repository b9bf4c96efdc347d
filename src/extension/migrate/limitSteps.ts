import { integerParameter } from '../../migration/migrateParameters.ts';
import { parseBandwidth } from '../../shared/bandwidth.ts';
import type { ExactInteger } from '../../shared/json.ts';
import { formatBandwidth } from '../../shared/units.ts';
import { back, inputStep, type Step } from '../steps.ts';
import { thresholdText } from './declaredBandwidthStep.ts';
import type { MigrateChoices } from './migrateChoices.ts';

/** QEMU refuses a downtime limit above 2000 s. */
const MAX_DOWNTIME_LIMIT_MS = 2_000_000;

/** "How fast may it send before the switchover?" (`max-bandwidth`) */
export function maxBandwidthStep(): Step<MigrateChoices> {
  let typed: string | undefined;
  return async (choices, frame) => {
    const inVm = integerParameter(choices.parameters, 'max-bandwidth');
    const answer = await inputStep({
      ...frame,
      title: `Migrate ${choices.source.name}: max-bandwidth`,
      prompt: 'Caps the rate before the switchover, not in it; 0 = no cap.',
      placeholder: '32MiB/s',
      value: typed ?? String(inVm ?? ''),
      check: (text) => echo(() => bandwidthEcho(readMaxBandwidth(text), inVm)),
      onType: (text) => {
        typed = text;
      },
    });
    if (answer === back) return back;
    choices.maxBandwidth = readMaxBandwidth(answer.value);
    return undefined;
  };
}

/** "How long may the guest stand still?" (`downtime-limit`) */
export function downtimeLimitStep(): Step<MigrateChoices> {
  let typed: string | undefined;
  return async (choices, frame) => {
    const inVm = integerParameter(choices.parameters, 'downtime-limit');
    const answer = await inputStep({
      ...frame,
      title: `Migrate ${choices.source.name}: downtime-limit`,
      prompt: 'Enter starts the migration.',
      placeholder: '300',
      value: typed ?? String(inVm ?? 300),
      check: (text) => echo(() => downtimeEcho(choices.declaredBandwidth, readDowntimeLimit(text))),
      onType: (text) => {
        typed = text;
      },
    });
    if (answer === back) return back;
    choices.downtimeLimitMs = readDowntimeLimit(answer.value);
    return undefined;
  };
}

/** @throws RangeError or SyntaxError, in words for the user */
function readDowntimeLimit(text: string): number {
  const value = /^(\d+)\s*(?:ms)?$/.exec(text.trim())?.[1];
  if (value === undefined) throw new SyntaxError('Write a whole number of milliseconds, such as 300.');
  const ms = Number(value);
  if (ms > MAX_DOWNTIME_LIMIT_MS) throw new RangeError(`QEMU takes at most ${MAX_DOWNTIME_LIMIT_MS} ms.`);
  return ms;
}

function readMaxBandwidth(text: string): ExactInteger {
  return /^0+$/.test(text.trim()) ? 0 : parseBandwidth(text, 'max-bandwidth');
}

function bandwidthEcho(bytesPerSecond: ExactInteger, inVm: ExactInteger | undefined): string {
  const unchanged = bytesPerSecond === inVm ? ' (as it is)' : '';
  if (BigInt(bytesPerSecond) === 0n) return `No cap${unchanged}.`;
  const [inBytes, inBits] = [
    formatBandwidth(bytesPerSecond, 'MiB/s'),
    formatBandwidth(bytesPerSecond, 'Mbit/s'),
  ];
  return `${bytesPerSecond} B/s = ${inBytes} = ${inBits}${unchanged}.`;
}

function downtimeEcho(declaredBandwidth: ExactInteger | undefined, limitMs: number): string {
  if (limitMs === 0)
    return 'With 0 ms no threshold is ever reached: the migration will not switch over by itself.';
  if (declaredBandwidth === undefined)
    return `The guest may stand still for ${limitMs} ms: switches over when the rest can be sent in that time by QEMU's estimate.`;
  return `The guest may stand still for ${limitMs} ms. ${thresholdText(declaredBandwidth, limitMs)}`;
}

function echo(describe: () => string): { error: string } | { echo: string } {
  try {
    return { echo: describe() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
