import { resumeWatch } from '../../migration/beginWatch.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { Vm } from '../connections/vm.ts';
import type { Services } from '../services.ts';
import type { Migrations } from './migrations.ts';

/**
 * Goes on with the records that an earlier window began and did not end: as soon as their VM is connected again.
 * Each is tried once; what can't go on keeps its journal.
 */
export async function resumeFollowing(services: Services, migrations: Migrations): Promise<Disposable> {
  const { vms, store, clock, log } = services;
  const unfinished = new Map(
    (await store.unfinished()).map((journal) => [journal.record.vm.address, journal]),
  );
  const resume = async (vm: Vm): Promise<void> => {
    const journal = unfinished.get(vm.address);
    const { monitor } = vm;
    if (!journal || !monitor) return;
    unfinished.delete(vm.address);
    const watch = await resumeWatch(journal.record, { source: monitor, clock, logger: log });
    await migrations.follow(vm, watch, journal);
  };
  const consider = (vm: Vm): void => {
    resume(vm).catch((error: unknown) => log.error(`${vm.name}: its record can not go on: ${String(error)}`));
  };
  for (const vm of vms.all) consider(vm);
  return vms.onDidChange((vm) => {
    if (vm) consider(vm);
  });
}
