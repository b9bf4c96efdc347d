import * as vscode from 'vscode';
import type { Vm } from '../connections/vm.ts';
import type { VmList } from '../connections/vmList.ts';
import { CancelledError } from '../errorBoundary.ts';
import { back, type ChoiceItem, pickStep, type Step } from '../steps.ts';
import type { Destination, MigrateChoices } from './migrateChoices.ts';
import { complaintAboutUri, runsCommand } from './migrationUri.ts';

/** "Where to?": the connected VMs which wait for a migration, or a URI typed into the same field. */
export function destinationStep(vms: VmList): Step<MigrateChoices> {
  let typedBefore = '';
  return async (choices, frame) => {
    const answer = await pickStep<Destination>({
      ...frame,
      title: `Migrate ${choices.source.name}: destination`,
      placeholder: 'Choose a VM that waits for a migration, or type a URI such as tcp:host:4444',
      items: (typed) => [...typedUri(typed), ...waitingVms(vms, choices.source, typed)],
      initial: typedBefore,
      onType: (text) => {
        typedBefore = text;
      },
    });
    if (answer === back) return back;
    if (answer.value.kind === 'uri') await confirmCommand(choices.source, answer.value.uri);
    choices.destination = answer.value;
    return undefined;
  };
}

function waitingVms(vms: VmList, source: Vm, typed: string): ChoiceItem<Destination>[] {
  const waiting = vms.all.filter((vm) => vm !== source && isWaiting(vm));
  const matching = waiting.filter((vm) =>
    `${vm.name} ${vm.address}`.toLowerCase().includes(typed.toLowerCase()),
  );
  if (waiting.length === 0 && typed === '') {
    const detail = 'Connect to a QEMU started with -incoming defer, or type a migration URI.';
    return [{ label: '$(info) No connected VM waits for a migration', detail }];
  }
  return matching.map((vm) => ({
    label: `$(inbox) ${vm.name}`,
    description: vm.address,
    detail: 'Waits for a migration. Where it listens is arranged for you.',
    choice: { value: { kind: 'vm', vm } },
  }));
}

function isWaiting(vm: Vm): boolean {
  return vm.state.kind === 'connected' && vm.state.runState === 'inmigrate';
}

function typedUri(typed: string): ChoiceItem<Destination>[] {
  if (!typed.includes(':')) return [];
  const complaint = complaintAboutUri(typed);
  if (complaint) return [{ label: `$(error) ${typed}`, detail: complaint }];
  const detail = 'The QEMU at the other end must listen there already.';
  return [{ label: `$(link) ${typed}`, detail, choice: { value: { kind: 'uri', uri: typed } } }];
}

async function confirmCommand(source: Vm, uri: string): Promise<void> {
  if (!runsCommand(uri)) return;
  const run = 'Run Command';
  const detail = `QEMU runs it with the rights of ${source.name} on its host: ${uri.slice('exec:'.length)}`;
  const answer = await vscode.window.showWarningMessage(
    'This URI runs a command.',
    { modal: true, detail },
    run,
  );
  if (answer !== run) throw new CancelledError();
}
