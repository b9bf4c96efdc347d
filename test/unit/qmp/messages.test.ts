import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolError } from '../../../src/qmp/errors.ts';
import { parseMessage } from '../../../src/qmp/messages.ts';

test('a greeting carries version and capabilities', () => {
  const text =
    '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "Debian 1:10"}, "capabilities": ["oob"]}}';
  assert.deepEqual(parseMessage(text), {
    kind: 'greeting',
    version: { major: 10, minor: 0, micro: 2, package: 'Debian 1:10' },
    capabilities: ['oob'],
  });
});

test('an event carries its microseconds exactly', () => {
  const text =
    '{"timestamp": {"seconds": 1757900000, "microseconds": 999999}, "event": "MIGRATION_PASS", "data": {"pass": 3}}';
  assert.deepEqual(parseMessage(text), {
    kind: 'event',
    name: 'MIGRATION_PASS',
    data: { pass: 3 },
    timestampUs: 1757900000999999,
  });
});

test('an event without data has empty data; a time that QEMU does not know is 0', () => {
  for (const stamp of ['"timestamp": {"seconds": -1, "microseconds": -1}, ', '', '"timestamp": {}, ']) {
    assert.deepEqual(parseMessage(`{${stamp}"event": "STOP"}`), {
      kind: 'event',
      name: 'STOP',
      data: {},
      timestampUs: 0,
    });
  }
});

test('replies carry their id, whatever it is', () => {
  assert.deepEqual(parseMessage('{"return": null, "id": {"a": 18446744073709551615}}'), {
    kind: 'return',
    id: { a: 18446744073709551615n },
    value: null,
  });
  assert.deepEqual(parseMessage('{"error": {"class": "DeviceNotFound", "desc": "no"}}'), {
    kind: 'error',
    id: undefined,
    errorClass: 'DeviceNotFound',
    description: 'no',
  });
});

test('anything else is a protocol error that shows how it begins', () => {
  for (const text of [
    '{}',
    '[]',
    '{"QMP": {}}',
    '{"QMP": {"version": {"qemu": {"major": "x"}}}}',
    '{"event": 1}',
    '{"error": "no"}',
    '{"error": {}}',
    '{"error": {"class": 1, "desc": "no"}}',
    '{"hello": "world"}',
    '{]',
    '{"__proto__": {"return": 1}}',
  ]) {
    const isTelling = (error: unknown): boolean =>
      error instanceof ProtocolError && error.message.includes(text.slice(0, 20));
    assert.throws(() => parseMessage(text), isTelling, text);
  }
  assert.throws(
    () => parseMessage(`{"x": "${'y'.repeat(1000)}"}`),
    (error: Error) => error.message.length < 200,
  );
});
