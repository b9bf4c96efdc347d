import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundledSchema } from '../../../src/qapi/bundledSchema.ts';
import { type SchemaEntry, SchemaError } from '../../../src/qapi/introspection.ts';
import { argumentsOf, enumValues, membersOf } from '../../../src/qapi/members.ts';
import { SchemaIndex } from '../../../src/qapi/schemaIndex.ts';

const { versionLabel, replyText } = bundledSchema();
const index = SchemaIndex.fromReply(replyText);

function argumentMembers(name: string, tags: Record<string, string> = {}) {
  const command = index.command(name);
  const type = command && argumentsOf(index, command);
  assert.ok(type, `no arguments of ${name}`);
  return membersOf(index, type, (tag) => tags[tag]);
}

test('the bundled schema is that of a QEMU with avail-switchover-bandwidth', () => {
  assert.match(versionLabel, /^QEMU 10\.\d+\.\d+$/);
  assert.equal(index.eventNames.length, 55);
  const member = argumentMembers('migrate-set-parameters').find(
    ({ name }) => name === 'avail-switchover-bandwidth',
  );
  assert.deepEqual(member, {
    name: 'avail-switchover-bandwidth',
    typeName: 'int',
    optional: true,
    features: [],
  });
});

test('members carry their features', () => {
  const delay = argumentMembers('migrate-set-parameters').find(({ name }) => name === 'x-checkpoint-delay');
  assert.deepEqual(delay?.features, ['unstable']);
});

test('members of the chosen variant stand beside the own ones', () => {
  const names = (tags: Record<string, string>) => argumentMembers('netdev_add', tags).map(({ name }) => name);
  assert.deepEqual(names({}), ['id', 'type']);
  assert.ok(names({ type: 'tap' }).includes('ifname'));
  assert.ok(!names({ type: 'user' }).includes('ifname'));
  assert.deepEqual(names({ type: 'none' }), ['id', 'type'], 'a variant without members');
});

test('types are found by their opaque names, and every name leads to a type', () => {
  for (const name of index.commandNames) {
    const command = index.command(name);
    assert.ok(command && index.type(command['arg-type']), `arguments of ${name}`);
    assert.ok(command && index.type(command['ret-type']), `reply of ${name}`);
  }
  assert.equal(index.type('no-such-type'), undefined);
});

test('enums of QEMU before 6.2, which has no members', () => {
  const old: SchemaEntry = { 'meta-type': 'enum', name: '7', values: ['on', 'off'] };
  assert.deepEqual(enumValues(old), [
    { name: 'on', features: [] },
    { name: 'off', features: [] },
  ]);
});

test('the list is taken with and without its envelope', () => {
  const list = JSON.stringify(
    (JSON.parse(replyText) as { return?: unknown }).return ?? JSON.parse(replyText),
  );
  for (const text of [list, `{"return": ${list}, "id": 3}`]) {
    assert.equal(SchemaIndex.fromReply(text).commandNames.length, 233);
  }
});

test('what is no schema is refused in words', () => {
  const refused = (text: string, pattern: RegExp): void => {
    assert.throws(
      () => SchemaIndex.fromReply(text),
      (error) => error instanceof SchemaError && pattern.test(error.message),
      text,
    );
  };
  refused('', /not JSON/);
  refused(replyText.slice(0, 5000), /cut off/);
  refused('{"return": {}}', /no list/);
  refused('{"return": [1]}', /Entry 0/);
  refused('[{"name": "str", "meta-type": "builtin", "json-type": "string"}]', /no command/);
  refused('{"error": {"class": "CommandNotFound", "desc": "…"}}', /no list/);
});
