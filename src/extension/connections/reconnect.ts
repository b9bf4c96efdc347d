import type { Clock } from '../../shared/clock.ts';
import { type Disposable, DisposableList } from '../../shared/disposable.ts';
import type { Vm } from './vm.ts';
import type { VmList } from './vmList.ts';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * Connects again to VMs that went away, when they come back: after 1 s, then ever less often. Never to one that the
 * user disconnected, or whose monitor another client holds.
 */
export class Reconnect implements Disposable {
  private readonly vms: VmList;
  private readonly clock: Clock;
  private readonly own = new DisposableList();
  private readonly waiting = new Map<Vm, Disposable>();

  constructor(vms: VmList, clock: Clock) {
    this.vms = vms;
    this.clock = clock;
    this.own.add(vms.onDidChange((vm) => (vm ? this.consider(vm) : this.forgetRemoved())));
  }

  dispose(): void {
    this.own.dispose();
    for (const timer of this.waiting.values()) timer.dispose();
    this.waiting.clear();
  }

  private consider(vm: Vm): void {
    const { state } = vm;
    if (state.kind !== 'offline' || !state.retry) this.forget(vm);
    else if (!this.waiting.has(vm)) this.schedule(vm, FIRST_DELAY_MS);
  }

  private schedule(vm: Vm, delayMs: number): void {
    const timer = this.clock.after(delayMs, () => {
      vm.connect({ quiet: true }).catch(() => {
        // The state tells the reason; all that is left to do here is to try again later.
        if (this.waiting.has(vm)) this.schedule(vm, Math.min(delayMs * 2, LONGEST_DELAY_MS));
      });
    });
    this.waiting.set(vm, timer);
  }

  private forget(vm: Vm): void {
    this.waiting.get(vm)?.dispose();
    this.waiting.delete(vm);
  }

  private forgetRemoved(): void {
    const known = new Set(this.vms.all);
    for (const vm of [...this.waiting.keys()]) {
      if (!known.has(vm)) this.forget(vm);
    }
  }
}
