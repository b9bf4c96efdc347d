import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Vm } from '../../../src/extension/connections/vm.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { type PeerClient, ScriptedPeer } from '../../support/qmp/scriptedPeer.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

interface Introduction {
  vm: Vm;
  connecting: Promise<void>;
  peer: PeerClient;
}

/** A VM that has been asked for its name and state and has not answered yet. */
async function inIntroduction(t: TestContext): Promise<Introduction> {
  const server = await ScriptedPeer.listen(t);
  const vm = new Vm({
    address: server.address,
    remembered: true,
    connect: (address, signal) => connectMonitor(address, { signal }),
    logger: silentLogger,
  });
  t.after(() => vm.dispose());
  const connecting = vm.connect();
  const peer = await server.nextClient();
  await peer.negotiate();
  await answer(peer, 'query-name', { name: 'vm-a' });
  return { vm, connecting, peer };
}

async function answer(peer: PeerClient, command: string, value: unknown): Promise<void> {
  const { execute, id } = await peer.nextCommand();
  assert.equal(execute, command);
  peer.reply(id, value);
}

test('a VM that is disconnected while it introduces itself stays disconnected, its monitor free', async (t) => {
  const { vm, connecting, peer } = await inIntroduction(t);
  await vm.disconnect();
  await answer(peer, 'query-status', { status: 'running', running: true });
  await withDeadline(peer.closed, 'the end of the connection');
  await withDeadline(connecting, 'the end of the attempt');
  assert.deepEqual(vm.state, { kind: 'offline' });
});

test('a VM that is removed while it introduces itself leaves its monitor free', async (t) => {
  const { vm, connecting, peer } = await inIntroduction(t);
  vm.dispose();
  await answer(peer, 'query-status', { status: 'running', running: true });
  await withDeadline(peer.closed, 'the end of the connection');
  await withDeadline(connecting, 'the end of the attempt');
  assert.deepEqual(vm.state, { kind: 'offline' });
});
