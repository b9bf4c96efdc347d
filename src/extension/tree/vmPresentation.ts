import { isPostcopy, isRunning } from '../../migration/queryMigrate.ts';
import type { Vm } from '../connections/vm.ts';
import type { ItemFlag } from '../ids.ts';

/** How a VM looks in the tree, free of the editor's types so that it can be tested as a table. */
export interface VmPresentation {
  label: string;
  description: string;
  /** Name of a codicon. */
  icon: string;
  /** Name of a theme colour. */
  color?: string;
  flags: ItemFlag[];
  /** What a screen reader says. */
  accessibleLabel: string;
}

export function presentVm(
  vm: Pick<Vm, 'name' | 'state' | 'remembered' | 'isOwnedByLibvirt'>,
): VmPresentation {
  const flags: ItemFlag[] = vm.remembered ? ['remembered'] : [];
  switch (vm.state.kind) {
    case 'connecting':
      return present(vm.name, 'connecting…', { icon: 'loading~spin', flags });
    case 'offline':
      return presentOffline(vm.name, vm.state.reason, [...flags, 'offline']);
    case 'connected':
      return withoutOthersWork(
        vm.isOwnedByLibvirt,
        presentConnected(vm.name, vm.state, [...flags, 'connected']),
      );
  }
}

/** What libvirt owns, it migrates and cancels itself: doing so behind its back would confuse it. */
function withoutOthersWork(isOwnedByLibvirt: boolean, look: VmPresentation): VmPresentation {
  if (!isOwnedByLibvirt) return look;
  return { ...look, flags: look.flags.filter((flag) => flag !== 'canMigrate' && flag !== 'canCancel') };
}

function presentOffline(name: string, reason: string | undefined, flags: ItemFlag[]): VmPresentation {
  if (reason === undefined) return present(name, 'disconnected', { icon: 'debug-disconnect', flags });
  const look = present(name, 'unreachable', { icon: 'warning', color: 'list.warningForeground', flags });
  // Whoever sees the tree has the reason in the tooltip.
  return { ...look, accessibleLabel: `${name}, unreachable: ${reason}` };
}

function presentConnected(
  name: string,
  { runState, migration, isSilent }: { runState: string; migration?: string; isSilent?: true },
  flags: ItemFlag[],
): VmPresentation {
  if (isSilent) {
    const look = { icon: 'warning', color: 'list.warningForeground', flags };
    return present(name, `does not answer · was ${runState}`, look);
  }
  if (migration !== undefined && isRunning(migration)) {
    const incoming = runState === 'inmigrate';
    const what = incoming ? `receiving · ${migration}` : `migrating · ${migration}`;
    const icon = incoming ? 'arrow-down' : 'sync~spin';
    return present(name, what, {
      icon,
      color: 'charts.blue',
      flags: [...flags, ...flagsOfRunning(incoming, migration)],
    });
  }
  if (runState === 'inmigrate') {
    return present(name, 'waiting for a migration', { icon: 'inbox', color: 'charts.blue', flags });
  }
  const outcome = outcomeOf(runState, migration);
  const description = outcome ? `${runState} · ${outcome}` : runState;
  // After a completed migration the VM runs elsewhere: what is left here can't be migrated again.
  const canMigrate = ['running', 'paused', 'prelaunch', 'suspended'].includes(runState);
  return present(name, description, {
    ...iconOf(runState, migration),
    flags: canMigrate ? [...flags, 'canMigrate'] : flags,
  });
}

function flagsOfRunning(incoming: boolean, migration: string): ItemFlag[] {
  if (incoming) return [];
  return isPostcopy(migration) ? ['migrating'] : ['migrating', 'canCancel'];
}

function outcomeOf(runState: string, migration: string | undefined): string | undefined {
  if (migration === undefined || migration === 'none') return undefined;
  return runState === 'postmigrate' ? migration : `migration ${migration}`;
}

function iconOf(runState: string, migration: string | undefined): { icon: string; color?: string } {
  if (migration === 'failed') return { icon: 'error', color: 'charts.red' };
  if (runState === 'running') return { icon: 'vm-running', color: 'charts.green' };
  if (runState === 'postmigrate') return { icon: 'pass', color: 'charts.foreground' };
  if (/error|panicked|internal/.test(runState)) return { icon: 'error', color: 'charts.red' };
  return { icon: 'debug-pause', color: 'charts.yellow' };
}

function present(
  label: string,
  description: string,
  look: { icon: string; color?: string; flags: ItemFlag[] },
): VmPresentation {
  return { label, description, ...look, accessibleLabel: `${label}, ${description.replaceAll(' · ', ', ')}` };
}
