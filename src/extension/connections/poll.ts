import type { Clock } from '../../shared/clock.ts';
import { type Disposable, toDisposable } from '../../shared/disposable.ts';
import type { Vm } from './vm.ts';
import type { VmList } from './vmList.ts';

const INTERVAL_MS = 1000;

/**
 * Asks the VMs once a second what they are doing, those for which it `isWanted`: a migration that something else
 * starts sends no event unless the capability "events" is on, and we change no VM unasked.
 */
export function pollStates(vms: VmList, clock: Clock, isWanted: (vm: Vm) => boolean): Disposable {
  /** One that does not answer must not keep the others from being asked. */
  const unanswered = new Set<Vm>();
  let timer: Disposable;
  const next = (): void => {
    timer = clock.after(INTERVAL_MS, () => {
      for (const vm of vms.all) {
        if (unanswered.has(vm) || !isWanted(vm)) continue;
        unanswered.add(vm);
        void vm.refresh().finally(() => unanswered.delete(vm));
      }
      next();
    });
  };
  next();
  return toDisposable(() => timer.dispose());
}
