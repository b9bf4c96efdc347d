import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { bundledSchema } from '../../../src/qapi/bundledSchema.ts';
import { commandJsonSchema } from '../../../src/qapi/commandJsonSchema.ts';
import { SchemaIndex } from '../../../src/qapi/schemaIndex.ts';

const index = SchemaIndex.fromReply(bundledSchema().replyText);

function compile(name: string, from = index): ValidateFunction {
  const command = from.command(name);
  assert.ok(command, `no command ${name}`);
  // The library's own strict mode finds keywords that do nothing; the schema itself is checked against 2020-12.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  return ajv.compile(commandJsonSchema(from, command));
}

function accepts(name: string, args: unknown, from = index): boolean {
  return compile(name, from)(args);
}

test('every command of the bundled schema has a JSON Schema that is valid and compiles', () => {
  assert.equal(index.commandNames.length, 233);
  for (const name of index.commandNames) {
    assert.doesNotThrow(() => compile(name), `${name} does not compile`);
  }
});

test('required and optional members, and nothing else', () => {
  assert.ok(accepts('query-status', {}));
  assert.ok(!accepts('query-status', { verbose: true }));
  assert.ok(accepts('qom-get', { path: '/machine', property: 'type' }));
  assert.ok(!accepts('qom-get', { path: '/machine' }));
  assert.ok(accepts('migrate-set-parameters', { 'avail-switchover-bandwidth': 125_000_000 }));
  assert.ok(!accepts('migrate-set-parameters', { 'avail-switchover-bandwith': 125_000_000 }));
});

test('integers, enums and alternates go by their JSON type', () => {
  assert.ok(!accepts('migrate-set-parameters', { 'downtime-limit': 1.5 }));
  assert.ok(!accepts('migrate-set-parameters', { 'downtime-limit': '300' }));
  assert.ok(accepts('migrate-set-parameters', { 'multifd-compression': 'zstd' }));
  assert.ok(!accepts('migrate-set-parameters', { 'multifd-compression': 'rar' }));
  assert.ok(accepts('migrate-set-parameters', { 'tls-creds': 'tls0' }));
  assert.ok(accepts('migrate-set-parameters', { 'tls-creds': null }));
  assert.ok(!accepts('migrate-set-parameters', { 'tls-creds': 1 }));
});

test('variants stand beside the members of their object, also a variant in a variant', () => {
  const channel = (addr: unknown) => ({ channels: [{ 'channel-type': 'main', addr }] });
  const inet = { transport: 'socket', type: 'inet', host: '127.0.0.1', port: '4444' };
  assert.ok(accepts('migrate', channel(inet)));
  assert.ok(accepts('migrate', channel({ transport: 'exec', args: ['/bin/cat'] })));
  assert.ok(!accepts('migrate', channel({ ...inet, path: '/tmp/socket' })), 'a member of another variant');
  assert.ok(
    !accepts('migrate', channel({ transport: 'socket', type: 'inet', host: '127.0.0.1' })),
    'no port',
  );
  assert.ok(!accepts('migrate', channel({ transport: 'pigeon' })));
});

test('types that hold themselves', () => {
  const file = { driver: 'file', filename: '/disk.img' };
  const nested = { driver: 'throttle', 'throttle-group': 't', file: { driver: 'raw', file } };
  assert.ok(accepts('blockdev-add', { ...nested, 'node-name': 'disk' }));
  assert.ok(accepts('blockdev-add', { driver: 'raw', file: 'a-node' }), 'an alternate of object and text');
  assert.ok(!accepts('blockdev-add', { driver: 'raw', file: { driver: 'raw', file: { driver: 'file' } } }));
});

test('device_add takes the properties of any device, object-add only those of its type', () => {
  assert.ok(accepts('device_add', { driver: 'virtio-net-pci', id: 'n', netdev: 'n0', mq: true }));
  assert.ok(!accepts('device_add', { id: 'n' }), 'the driver is still required');
  assert.ok(accepts('object-add', { 'qom-type': 'memory-backend-ram', id: 'm', size: 4096 }));
  assert.ok(!accepts('object-add', { 'qom-type': 'memory-backend-ram', id: 'm', size: 4096, colour: 'red' }));
});

test('the object-add of versions that do not list its properties stays open', () => {
  const old = new SchemaIndex([
    { 'meta-type': 'command', name: 'object-add', 'arg-type': '1', 'ret-type': '0' },
    { 'meta-type': 'object', name: '1', members: [{ name: 'qom-type', type: 'str' }] },
    { 'meta-type': 'builtin', name: 'str', 'json-type': 'string' },
  ]);
  assert.ok(accepts('object-add', { 'qom-type': 'memory-backend-ram', size: 4096 }, old));
});
