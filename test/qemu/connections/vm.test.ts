import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Reconnect } from '../../../src/extension/connections/reconnect.ts';
import type { Vm, VmState } from '../../../src/extension/connections/vm.ts';
import { VmList } from '../../../src/extension/connections/vmList.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { startQemu } from '../../support/qmp/realQemu.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

failOnUnhandledRejection();

function vmList(t: TestContext): VmList {
  const vms = new VmList((address, signal) => connectMonitor(address, { signal }), silentLogger);
  t.after(() => vms.dispose());
  return vms;
}

async function becomes(vm: Vm, what: string, holds: (state: VmState) => boolean, ms = 10_000): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    const look = (): void => {
      if (holds(vm.state)) resolve();
    };
    vm.onDidChange(look);
    look();
  });
  await withDeadline(reached, `${vm.name} to be ${what}, it is ${JSON.stringify(vm.state.kind)}`, ms);
}

const runs =
  (runState: string) =>
  (state: VmState): boolean =>
    state.kind === 'connected' && state.runState === runState;

test('a VM tells its own name and follows stop and cont by events', async (t) => {
  const qemu = await startQemu({ args: ['-M', 'none', '-name', 'vm-under-test'] });
  t.after(qemu.kill);
  const vm = vmList(t).add(qemu.address, { remembered: true });
  await vm.connect();
  assert.equal(vm.name, 'vm-under-test');
  await becomes(vm, 'running', runs('running'));
  await vm.monitor?.execute('stop');
  await becomes(vm, 'paused', runs('paused'));
  await vm.monitor?.execute('cont');
  await becomes(vm, 'running again', runs('running'));
});

test('a killed VM shows as unreachable with the reason within 2 s, and comes back by itself', async (t) => {
  const qemu = await startQemu();
  t.after(qemu.kill);
  const vms = vmList(t);
  const reconnect = new Reconnect(vms, systemClock);
  t.after(() => reconnect.dispose());
  const vm = vms.add(qemu.address, { remembered: true });
  await vm.connect();
  await qemu.kill();
  await becomes(vm, 'offline', (state) => state.kind === 'offline' && state.reason !== undefined, 2000);
  const path = qemu.address.replace('unix:', '');
  mkdirSync(qemu.folder);
  const again = spawn('qemu-system-x86_64', [
    '-M',
    'none',
    '-display',
    'none',
    '-qmp',
    `unix:${path},server=on,wait=off`,
  ]);
  t.after(() => {
    again.kill('SIGKILL');
    rmSync(qemu.folder, { recursive: true });
  });
  await becomes(vm, 'running again', runs('running'));
});

test('a monitor that another client holds is told as such and not queued for', async (t) => {
  const qemu = await startQemu();
  t.after(qemu.kill);
  const first = await connectMonitor(qemu.address);
  t.after(() => first.close());
  const vms = vmList(t);
  const vm = vms.add(qemu.address, { remembered: true });
  await assert.rejects(vm.connect(), /connected, but no greeting: a monitor serves one client at a time/);
  assert.equal(vm.state.kind === 'offline' && vm.state.retry, false);
});

test('a VM that the user disconnected frees its monitor and stays disconnected', async (t) => {
  const qemu = await startQemu();
  t.after(qemu.kill);
  const vm = vmList(t).add(qemu.address, { remembered: true });
  await vm.connect();
  await vm.disconnect();
  assert.deepEqual(vm.state, { kind: 'offline' });
  const other = await connectMonitor(qemu.address);
  await other.close();
});

test('disconnecting in the middle of a connect leaves the VM disconnected', async (t) => {
  const qemu = await startQemu();
  t.after(qemu.kill);
  const vm = vmList(t).add(qemu.address, { remembered: true });
  const connecting = vm.connect();
  await vm.disconnect();
  await connecting;
  assert.deepEqual(vm.state, { kind: 'offline' });
  await vm.connect();
  assert.equal(vm.state.kind, 'connected');
});

test('one VM per address, however it is written', (t) => {
  const vms = vmList(t);
  const vm = vms.add('unix:/tmp/vm.sock', { remembered: true });
  assert.equal(vms.add('/tmp/vm.sock', { remembered: true }), vm);
  assert.equal(vm.name, 'vm');
  assert.throws(() => vms.add('vm.sock', { remembered: true }), /is not the address of a QMP monitor/);
});

test('a frozen QEMU is told as not answering, and as running once it goes on', async (t) => {
  const qemu = await startQemu();
  t.after(qemu.kill);
  const vm = vmList(t).add(qemu.address, { remembered: true });
  await vm.connect();
  qemu.process.kill('SIGSTOP');
  const asked = vm.refresh();
  await becomes(vm, 'silent', (state) => state.kind === 'connected' && state.isSilent === true);
  qemu.process.kill('SIGCONT');
  await asked;
  await vm.refresh();
  assert.equal(vm.state.kind === 'connected' && vm.state.isSilent, undefined);
});
