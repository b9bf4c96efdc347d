import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VmState } from '../../../src/extension/connections/vm.ts';
import { presentVm, type VmPresentation } from '../../../src/extension/tree/vmPresentation.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';

// Only its presence matters to the presentation.
const monitor = {} as Monitor;

function presented(state: VmState): VmPresentation {
  return presentVm({ name: 'vm-a', remembered: true, isOwnedByLibvirt: false, state });
}

function connected(runState: string, migration?: string): VmPresentation {
  return presented({ kind: 'connected', monitor, runState, ...(migration !== undefined && { migration }) });
}

test('a running VM can be migrated', () => {
  const look = connected('running');
  assert.equal(look.description, 'running');
  assert.equal(look.icon, 'vm-running');
  assert.deepEqual(look.flags, ['remembered', 'connected', 'canMigrate']);
});

test('a migrating VM can be cancelled and watched, not migrated again', () => {
  const look = connected('running', 'active');
  assert.equal(look.description, 'migrating · active');
  assert.deepEqual(look.flags, ['remembered', 'connected', 'migrating', 'canCancel']);
});

test('a VM in postcopy can be watched, not cancelled: its guest runs elsewhere already', () => {
  assert.deepEqual(connected('finish-migrate', 'postcopy-active').flags, [
    'remembered',
    'connected',
    'migrating',
  ]);
});

test('a VM receives a migration without being able to cancel it', () => {
  const look = connected('inmigrate', 'active');
  assert.equal(look.description, 'receiving · active');
  assert.deepEqual(look.flags, ['remembered', 'connected']);
});

test('a VM in inmigrate waits', () => {
  assert.equal(connected('inmigrate').description, 'waiting for a migration');
  assert.equal(connected('inmigrate', 'none').description, 'waiting for a migration');
});

test('a status that a later QEMU invents counts as a migration under way', () => {
  assert.ok(connected('running', 'brand-new-status').flags.includes('migrating'));
});

test('a VM that migrated away can not be migrated again', () => {
  const look = connected('postmigrate', 'completed');
  assert.equal(look.description, 'postmigrate · completed');
  assert.equal(look.flags.includes('canMigrate'), false);
});

test('after a failed or cancelled migration the VM runs on and says how it ended', () => {
  assert.equal(connected('running', 'cancelled').description, 'running · migration cancelled');
  const failed = connected('running', 'failed');
  assert.equal(failed.icon, 'error');
  assert.ok(failed.flags.includes('canMigrate'));
});

test('an unreachable VM differs from one that the user disconnected', () => {
  assert.equal(presented({ kind: 'offline' }).description, 'disconnected');
  const look = presented({ kind: 'offline', reason: 'refused' });
  assert.equal(look.description, 'unreachable');
  assert.equal(look.icon, 'warning');
  assert.deepEqual(look.flags, ['remembered', 'offline']);
});

test('the label read aloud has no punctuation signs in it', () => {
  assert.equal(connected('running', 'active').accessibleLabel, 'vm-a, migrating, active');
});

test('the label read aloud of an unreachable VM says why', () => {
  const { accessibleLabel } = presented({ kind: 'offline', reason: 'x does not exist.' });
  assert.equal(accessibleLabel, 'vm-a, unreachable: x does not exist.');
});

test('a VM that does not answer does not pass for running', () => {
  const look = presented({ kind: 'connected', monitor, runState: 'running', isSilent: true });
  assert.equal(look.description, 'does not answer · was running');
  assert.equal(look.icon, 'warning');
  assert.equal(look.flags.includes('canMigrate'), false);
});

test('a libvirt domain can be watched, but is not migrated or cancelled behind the back of libvirt', () => {
  const domain = { name: 'vm-a', remembered: false, isOwnedByLibvirt: true };
  const idle = presentVm({ ...domain, state: { kind: 'connected', monitor, runState: 'running' } });
  assert.deepEqual(idle.flags, ['connected']);
  const busy = presentVm({
    ...domain,
    state: { kind: 'connected', monitor, runState: 'running', migration: 'active' },
  });
  assert.deepEqual(busy.flags, ['connected', 'migrating']);
});
