import type { Disposable } from '../../shared/disposable.ts';
import { Emitter } from '../../shared/emitter.ts';
import type { Logger } from '../../shared/logger.ts';
import { canonicalAddress } from './monitorAddress.ts';
import { type Connect, Vm } from './vm.ts';

/** The VMs that the window knows, in the order they came. One per address. */
export class VmList implements Disposable {
  private readonly connect: Connect;
  private readonly logger: Logger;
  private readonly vms = new Map<string, Vm>();
  private readonly changes = new Emitter<Vm | undefined>();

  /** Fires with the VM that changed, or with `undefined` after one came or went. */
  readonly onDidChange = this.changes.event;

  constructor(connect: Connect, logger: Logger) {
    this.connect = connect;
    this.logger = logger;
  }

  get all(): Vm[] {
    return [...this.vms.values()];
  }

  find(address: string): Vm | undefined {
    return this.vms.get(canonicalAddress(address));
  }

  /**
   * The VM at `address`, made when it is new.
   * @throws MonitorConnectError `bad-address`
   */
  add(address: string, options: { name?: string; remembered: boolean }): Vm {
    const key = canonicalAddress(address);
    const known = this.vms.get(key);
    if (known) return known;
    const vm = new Vm({ address: key, ...options, connect: this.connect, logger: this.logger });
    vm.onDidChange(() => this.changes.fire(vm));
    this.vms.set(key, vm);
    this.changes.fire(undefined);
    return vm;
  }

  remove(vm: Vm): void {
    if (!this.vms.delete(vm.address)) return;
    vm.dispose();
    this.changes.fire(undefined);
  }

  dispose(): void {
    this.changes.dispose();
    for (const vm of this.vms.values()) vm.dispose();
    this.vms.clear();
  }
}
