import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSavedAt, savedConnections } from '../../../src/extension/connections/savedConnections.ts';

function read(value: unknown): { connections: unknown[]; faults: string[] } {
  const faults: string[] = [];
  return { connections: savedConnections(value, (fault) => faults.push(fault)), faults };
}

test('the addresses of the setting are read in their canonical form', () => {
  const { connections, faults } = read([
    { address: '/run/vm.sock', name: 'vm' },
    { address: 'tcp:HOST:4444', name: '' },
  ]);
  assert.deepEqual(connections, [{ address: 'unix:/run/vm.sock', name: 'vm' }, { address: 'tcp:host:4444' }]);
  assert.deepEqual(faults, []);
});

test('what people mistype is told and costs no more than that entry', () => {
  const good = { address: 'unix:/run/vm.sock' };
  const bad = [null, 'unix:/run/vm.sock', 7, {}, { address: 4444 }, { address: 'vm.sock' }, ['unix:/a']];
  for (const entry of bad) {
    const { connections, faults } = read([entry, good, { ...good, name: 5 }]);
    assert.deepEqual(connections, [good, good], JSON.stringify(entry));
    assert.equal(faults.length, 1, JSON.stringify(entry));
  }
});

test('a setting that is no list holds no connection', () => {
  for (const value of [null, 'unix:/run/vm.sock', { address: 'unix:/run/vm.sock' }, 5]) {
    const { connections, faults } = read(value);
    assert.deepEqual(connections, []);
    assert.deepEqual(faults, ['is not a list']);
  }
  assert.deepEqual(read(undefined), { connections: [], faults: [] });
});

test('an entry is found again however its address is written', () => {
  assert.equal(isSavedAt({ address: '/run/vm.sock' }, 'unix:/run/vm.sock'), true);
  for (const entry of [null, 'unix:/run/vm.sock', { address: '' }, { address: 'unix:/other' }]) {
    assert.equal(isSavedAt(entry, 'unix:/run/vm.sock'), false);
  }
});
