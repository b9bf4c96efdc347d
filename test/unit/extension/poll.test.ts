import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pollStates } from '../../../src/extension/connections/poll.ts';
import { VmList } from '../../../src/extension/connections/vmList.ts';
import { Deferred } from '../../../src/shared/deferred.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';
import { ScriptedMonitor } from '../migration/scriptedMonitor.ts';
import { settle } from '../migration/watchBench.ts';

test('a VM that does not answer keeps no other from being asked, and is not asked again before it does', async (t) => {
  const clock = new ManualClock();
  const monitors = new Map(
    ['unix:/stuck', 'unix:/well'].map((address) => [address, new ScriptedMonitor(clock, { address })]),
  );
  const [stuck, well] = monitors.values();
  assert.ok(stuck && well);
  const vms = new VmList(async (address) => monitors.get(address) ?? assert.fail(address), silentLogger);
  t.after(() => vms.dispose());
  for (const address of monitors.keys()) await vms.add(address, { remembered: false }).connect();

  const polling = pollStates(vms, clock, () => true);
  const before = { stuck: stuck.count('query-migrate'), well: well.count('query-migrate') };
  stuck.held = new Deferred();
  for (let second = 0; second < 3; second++) {
    clock.advance(1000);
    await settle();
  }
  assert.equal(well.count('query-migrate') - before.well, 3);
  assert.equal(stuck.count('query-migrate') - before.stuck, 1);

  stuck.held.resolve();
  await settle();
  clock.advance(1000);
  await settle();
  assert.equal(stuck.count('query-migrate') - before.stuck, 2);
  polling.dispose();
  assert.equal(clock.pending, 0);
});
