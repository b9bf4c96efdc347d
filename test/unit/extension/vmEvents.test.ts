import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Vm } from '../../../src/extension/connections/vm.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { type PeerClient, ScriptedPeer } from '../../support/qmp/scriptedPeer.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';

const ANSWERS: Record<string, unknown> = {
  'query-name': { name: 'vm-a' },
  'query-status': { status: 'running', running: true },
  'query-migrate': { status: 'active' },
};

async function answerNext(peer: PeerClient, answers = ANSWERS): Promise<string> {
  const { execute = '', id } = await peer.nextCommand();
  peer.reply(id, answers[execute]);
  return execute;
}

function event(name: string, data: object): string {
  return `${JSON.stringify({ event: name, data, timestamp: { seconds: 1, microseconds: 2 } })}\r\n`;
}

function becomes(vm: Vm, runState: string): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    const look = (): void => {
      if (vm.state.kind === 'connected' && vm.state.runState === runState) resolve();
    };
    vm.onDidChange(look);
    look();
  });
  return withDeadline(reached, `the run state ${runState}`);
}

test('nothing is asked during the switchover, only at the end of the migration', async (t) => {
  const server = await ScriptedPeer.listen(t);
  const vm = new Vm({
    address: server.address,
    remembered: false,
    connect: (address, signal) => connectMonitor(address, { signal }),
    logger: silentLogger,
  });
  t.after(() => vm.dispose());
  const connecting = vm.connect();
  const peer = await server.nextClient();
  await peer.negotiate();
  for (let i = 0; i < 4; i++) await answerNext(peer);
  await connecting;
  assert.equal(vm.state.kind === 'connected' && vm.state.migration, 'active');

  const before = peer.commands.length;
  peer.write(
    event('STOP', {}) +
      event('MIGRATION', { status: 'device' }) +
      event('MIGRATION', { status: 'completed' }),
  );
  const done = { 'query-status': { status: 'postmigrate' }, 'query-migrate': { status: 'completed' } };
  assert.deepEqual(
    [await answerNext(peer, done), await answerNext(peer, done)],
    ['query-status', 'query-migrate'],
  );
  await becomes(vm, 'postmigrate');
  assert.equal(peer.commands.length - before, 2, 'a question was asked for STOP or for the status "device"');
});
