import { integerParameter } from '../../migration/migrateParameters.ts';
import { declaredThreshold } from '../../migration/threshold.ts';
import { parseBandwidth } from '../../shared/bandwidth.ts';
import type { ExactInteger } from '../../shared/json.ts';
import { formatBandwidth, formatBytes } from '../../shared/units.ts';
import { back, type ChoiceItem, pickStep, type Step } from '../steps.ts';
import type { MigrateChoices } from './migrateChoices.ts';

/** "Which bandwidth may QEMU count on at switchover?" (`avail-switchover-bandwidth`) */
export function declaredBandwidthStep(lastUsed: string | undefined): Step<MigrateChoices> {
  let typedBefore = '';
  return async (choices, frame) => {
    const answer = await pickStep<ExactInteger | undefined>({
      ...frame,
      title: `Migrate ${choices.source.name}: declared switchover bandwidth`,
      placeholder: choices.cannotDeclare
        ? 'This QEMU can not be told the bandwidth available at switchover: press Enter to go on'
        : 'Type the bandwidth available at switchover, such as 1Gbit/s, 100MiB/s or 125000000',
      items: (typed) =>
        choices.cannotDeclare ? [notOffered(choices.cannotDeclare)] : offers(choices, typed, lastUsed),
      initial: typedBefore,
      onType: (text) => {
        typedBefore = text;
      },
    });
    if (answer === back) return back;
    if (answer.value === undefined) delete choices.declaredBandwidth;
    else choices.declaredBandwidth = answer.value;
    return undefined;
  };
}

type Item = ChoiceItem<ExactInteger | undefined>;

function offers(choices: MigrateChoices, typed: string, lastUsed: string | undefined): Item[] {
  const limit = integerParameter(choices.parameters, 'downtime-limit') ?? 300;
  if (typed !== '') return [typedItem(typed, limit)];
  const inVm = integerParameter(choices.parameters, 'avail-switchover-bandwidth') ?? 0;
  const notDeclared: Item = {
    label: '$(circle-slash) Not declared',
    description: inVm === 0 ? '' : `instead of the ${inVm} B/s set in the VM`,
    detail: 'QEMU decides by its own estimate, measured while the memory is sent.',
    choice: { value: undefined },
  };
  const recent =
    lastUsed === undefined ? [] : [{ ...typedItem(lastUsed, limit), description: `last used · ${lastUsed}` }];
  return [
    notDeclared,
    ...recent,
    ...['1 Gbit/s', '10 Gbit/s', '25 Gbit/s'].map((text) => typedItem(text, limit)),
  ];
}

/** Echoes what was typed: the exact bytes per second and the threshold that they mean. */
function typedItem(text: string, limitMs: ExactInteger): Item {
  try {
    const bytesPerSecond = parseBandwidth(text);
    const exactly = `${bytesPerSecond} B/s = ${formatBandwidth(bytesPerSecond, 'Mbit/s')}`;
    return {
      label: `$(check) ${formatBandwidth(bytesPerSecond, 'MiB/s')}`,
      description: text === String(bytesPerSecond) ? exactly : `${text} = ${exactly}`,
      detail: thresholdText(bytesPerSecond, limitMs),
      choice: { value: bytesPerSecond },
    };
  } catch (error) {
    return { label: `$(error) ${text}`, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** What a declared bandwidth means for the decision to switch over. */
export function thresholdText(bytesPerSecond: ExactInteger, limitMs: ExactInteger): string {
  const threshold = declaredThreshold(bytesPerSecond, limitMs);
  if (threshold === undefined) return 'QEMU computes no meaningful threshold from so large a value.';
  return `Switches over below ${formatBytes(threshold)} (${threshold} bytes) at a downtime limit of ${limitMs} ms.`;
}

function notOffered(reason: string): Item {
  return { label: '$(circle-slash) Go on without declaring', detail: reason, choice: { value: undefined } };
}
