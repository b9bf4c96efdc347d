import { isRunning } from '../../migration/queryMigrate.ts';
import type { Vm } from '../connections/vm.ts';
import type { VmList } from '../connections/vmList.ts';

/** The VM that receives a migration which something else started: the only connected one that receives any. */
export function incomingVm(vms: VmList): Vm | undefined {
  const [first, second] = vms.all.filter(
    ({ state }) =>
      state.kind === 'connected' && state.runState === 'inmigrate' && isRunning(state.migration ?? 'none'),
  );
  return second ? undefined : first;
}
