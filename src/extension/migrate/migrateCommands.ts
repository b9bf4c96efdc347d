import * as vscode from 'vscode';
import { watchRunning } from '../../migration/beginWatch.ts';
import type { MigrationWatch } from '../../migration/migrationWatch.ts';
import { isRunning } from '../../migration/queryMigrate.ts';
import { startMigration } from '../../migration/startMigration.ts';
import { withCancellableProgress } from '../cancellableProgress.ts';
import type { ChartPanels } from '../charts/chartPanels.ts';
import { pickVm } from '../connections/pickVm.ts';
import type { Vm } from '../connections/vm.ts';
import { registerCommand } from '../errorBoundary.ts';
import { commandIds } from '../ids.ts';
import type { LocalPair } from '../lab/localPair.ts';
import type { Services } from '../services.ts';
import { presentVm } from '../tree/vmPresentation.ts';
import { announceRun } from './announceRun.ts';
import { askMigration } from './askMigration.ts';
import { incomingVm } from './incomingVm.ts';
import type { MigrateChoices } from './migrateChoices.ts';
import type { FollowedRun, Migrations } from './migrations.ts';

interface Context {
  services: Services;
  migrations: Migrations;
  charts: ChartPanels;
  localPair: LocalPair;
}

export function registerMigrateCommands(context: Context): vscode.Disposable {
  const { services, migrations } = context;
  const { log, vms } = services;
  return vscode.Disposable.from(
    registerCommand(commandIds.migrate, log, async (given?: Vm) => {
      const vm = given ?? (await pickVm(vms, 'Migrate which VM?', canMigrate));
      const choices = await askMigration(vm, vms, services.context.globalState);
      await show(context, await start(context, choices));
    }),
    registerCommand(commandIds.watchMigration, log, async (given?: Vm) => {
      const vm = given ?? (await pickVm(vms, 'Watch the migration of which VM?', isMigrating));
      const followed = migrations.of(vm);
      if (followed) context.charts.open(followed);
      else await show(context, await watch(context, vm));
    }),
    registerCommand(commandIds.cancelMigration, log, async (given?: Vm) => {
      const vm = given ?? (await pickVm(vms, 'Cancel the migration of which VM?', canCancel));
      await cancel(context, vm);
    }),
  );
}

async function start(
  { services, migrations, localPair }: Context,
  choices: MigrateChoices,
): Promise<FollowedRun> {
  const { source, destination, declaredBandwidth, maxBandwidth, downtimeLimitMs } = choices;
  const monitor = connected(source);
  if (!destination) throw new Error('No destination was chosen.');
  const socketDirectory = destination.kind === 'vm' ? localPair.socketDirectory(destination.vm) : undefined;
  const begin = (signal: AbortSignal): Promise<MigrationWatch> =>
    startMigration({
      source: monitor,
      vmName: source.name,
      signal,
      ...(destination.kind === 'vm'
        ? { destination: connected(destination.vm), destinationVm: destination.vm.name }
        : { destinationUri: destination.uri }),
      ...(socketDirectory !== undefined && { socketDirectory }),
      ...(declaredBandwidth !== undefined && { declaredBandwidth }),
      ...(maxBandwidth !== undefined && { maxBandwidth }),
      ...(downtimeLimitMs !== undefined && { downtimeLimitMs }),
      clock: services.clock,
      logger: services.log,
    });
  return migrations.follow(
    source,
    await withCancellableProgress(`Starting the migration of ${source.name}`, begin),
  );
}

async function watch({ services, migrations }: Context, vm: Vm): Promise<FollowedRun> {
  const { clock, log: logger } = services;
  const destination = incomingVm(services.vms);
  const running = await watchRunning({
    source: connected(vm),
    vmName: vm.name,
    ...(destination?.monitor && { destination: destination.monitor, destinationVm: destination.name }),
    clock,
    logger,
  });
  return migrations.follow(vm, running);
}

async function cancel({ migrations }: Context, vm: Vm): Promise<void> {
  const followed = migrations.of(vm);
  if (followed) await followed.watch.cancel();
  else await connected(vm).execute('migrate_cancel');
}

async function show({ services, charts }: Context, run: FollowedRun): Promise<void> {
  charts.open(run);
  await announceRun(run, services.log, () => charts.open(run));
}

function connected(vm: Vm): NonNullable<Vm['monitor']> {
  if (!vm.monitor) throw new Error(`${vm.name} is not connected: connect to it first.`);
  return vm.monitor;
}

function canMigrate(vm: Vm): boolean {
  return presentVm(vm).flags.includes('canMigrate');
}

function canCancel(vm: Vm): boolean {
  return presentVm(vm).flags.includes('canCancel');
}

function isMigrating({ state }: Vm): boolean {
  return state.kind === 'connected' && state.runState !== 'inmigrate' && isRunning(state.migration ?? 'none');
}
