import type * as vscode from 'vscode';
import { declarability, queryMigrateParameters } from '../../migration/migrateParameters.ts';
import type { Vm } from '../connections/vm.ts';
import type { VmList } from '../connections/vmList.ts';
import { runSteps } from '../steps.ts';
import { declaredBandwidthStep } from './declaredBandwidthStep.ts';
import { destinationStep } from './destinationStep.ts';
import { downtimeLimitStep, maxBandwidthStep } from './limitSteps.ts';
import type { MigrateChoices } from './migrateChoices.ts';

const LAST_DECLARED = 'lastDeclaredBandwidth';

/**
 * The dialog of "Migrate VM…". It only reads from the VM: leaving it anywhere changes nothing.
 * @throws CancelledError when the user leaves it; QmpError when the VM can't be asked
 */
export async function askMigration(source: Vm, vms: VmList, memory: vscode.Memento): Promise<MigrateChoices> {
  const { monitor } = source;
  if (!monitor) throw new Error(`${source.name} is not connected: connect to it first.`);
  const parameters = await queryMigrateParameters(monitor);
  const { reason } = declarability(parameters, monitor);
  const choices: MigrateChoices = { source, parameters, cannotDeclare: reason };
  const steps = [
    destinationStep(vms),
    declaredBandwidthStep(memory.get<string>(LAST_DECLARED)),
    maxBandwidthStep(),
    downtimeLimitStep(),
  ];
  await runSteps(choices, steps);
  if (choices.declaredBandwidth !== undefined)
    await memory.update(LAST_DECLARED, String(choices.declaredBandwidth));
  return choices;
}
