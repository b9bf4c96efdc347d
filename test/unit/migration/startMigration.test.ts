import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { canDeclareBandwidth } from '../../../src/migration/migrateParameters.ts';
import { startMigration } from '../../../src/migration/startMigration.ts';
import { QmpCommandError } from '../../../src/qmp/errors.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { active, completed, parameters, ScriptedMonitor } from './scriptedMonitor.ts';
import { settle, WatchBench } from './watchBench.ts';

failOnUnhandledRejection();

let socketDirectory: string;
let bench: WatchBench;

beforeEach(() => {
  socketDirectory = mkdtempSync(join(tmpdir(), 'qmp-start-'));
  bench = new WatchBench();
  bench.destination.answer('query-status', { status: 'inmigrate', running: false });
});
afterEach(() => rmSync(socketDirectory, { recursive: true, force: true }));

function changes(monitor: ScriptedMonitor): { command: string; args?: JsonObject }[] {
  return monitor.executed.filter(({ command }) => !command.startsWith('query-'));
}

function options() {
  return { ...bench.options, socketDirectory };
}

test('sets what was asked, lets the destination listen, then migrates', async () => {
  const watch = await startMigration({
    ...options(),
    declaredBandwidth: 104_857_600,
    downtimeLimitMs: 200,
  });
  const uri = watch.record.destination ?? '';
  assert.match(uri, /^unix:.*migrate\.sock$/);
  assert.deepEqual(changes(bench.source), [
    {
      command: 'migrate-set-parameters',
      args: { 'avail-switchover-bandwidth': 104_857_600, 'downtime-limit': 200 },
    },
    { command: 'migrate', args: { uri } },
  ]);
  assert.deepEqual(changes(bench.destination), [{ command: 'migrate-incoming', args: { uri } }]);
  watch.dispose();
});

test('the socket lies in a directory of its own that goes with the migration', async () => {
  const watch = await startMigration(options());
  const directory = dirname((watch.record.destination ?? '').slice('unix:'.length));
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  bench.source.answer('query-migrate', completed());
  await watch.cancel();
  await settle();
  assert.equal(existsSync(directory), false);
});

test('not declared is set as 0 when something was declared before', async () => {
  bench.source.answer('query-migrate-parameters', parameters({ 'avail-switchover-bandwidth': 5_000_000 }));
  const watch = await startMigration(options());
  assert.deepEqual(changes(bench.source)[0]?.args, { 'avail-switchover-bandwidth': 0 });
  watch.dispose();
});

test('events on both sides, and the destination’s capabilities as the source’s', async () => {
  const capability = (name: string, state: boolean) => ({ capability: name, state });
  bench.source.answer('query-migrate-capabilities', [
    capability('events', false),
    capability('multifd', true),
    capability('xbzrle', false),
    capability('auto-converge', true),
    capability('new-one', true),
  ]);
  bench.destination.answer('query-migrate-capabilities', [
    capability('events', false),
    capability('multifd', false),
    capability('xbzrle', true),
    capability('auto-converge', false),
  ]);
  const watch = await startMigration(options());
  assert.deepEqual(changes(bench.source)[0]?.args, { capabilities: [capability('events', true)] });
  assert.deepEqual(changes(bench.destination)[0]?.args, {
    capabilities: [capability('events', true), capability('multifd', true), capability('xbzrle', false)],
  });
  assert.ok(bench.logger.lines.some((line) => line.includes('"new-one"')));
  watch.dispose();
});

const unfit: [string, () => void, RegExp][] = [
  [
    'a destination that does not wait',
    () => bench.destination.answer('query-status', { status: 'running' }),
    /does not wait.*"running".*-incoming defer/,
  ],
  [
    'a source that migrates already',
    () => bench.source.answer('query-migrate', active()),
    /migrating already \(active\)/,
  ],
  [
    'a source that was migrated before',
    () => bench.source.answer('query-status', { status: 'postmigrate' }),
    /guest runs elsewhere/,
  ],
  [
    'a source that waits itself',
    () => bench.source.answer('query-status', { status: 'inmigrate' }),
    /"inmigrate"/,
  ],
  [
    'a blocked source',
    () => bench.source.answer('query-migrate', { 'blocked-reasons': ['no way'] }),
    /no way/,
  ],
  ['a broken destination', () => bench.destination.break('gone'), /not connected/],
  [
    'a QEMU before 8.2',
    () => bench.source.answer('query-migrate-parameters', { 'downtime-limit': 300 }),
    /needs QEMU 8\.2/,
  ],
];

for (const [what, prepare, message] of unfit) {
  test(`${what} is told before anything is changed`, async () => {
    prepare();
    await assert.rejects(startMigration({ ...options(), declaredBandwidth: 1_000_000 }), message);
    assert.deepEqual(changes(bench.source), []);
    assert.deepEqual(changes(bench.destination), []);
  });
}

test('no destination, or the source itself, is refused', async () => {
  const { destination: _, ...alone } = options();
  await assert.rejects(startMigration(alone), /No destination/);
  await assert.rejects(startMigration({ ...options(), destination: bench.source }), /same VM/);
});

test('a refused value: QEMU’s words, and what was changed is put back', async () => {
  bench.source.answer('query-migrate-capabilities', [{ capability: 'events', state: false }]);
  bench.source.refuse(
    'migrate-set-parameters',
    "Parameter 'downtime_limit' expects an integer in the range of 0 to 2000 seconds",
  );
  await assert.rejects(startMigration({ ...options(), downtimeLimitMs: 3_000_000 }), (error) => {
    return error instanceof QmpCommandError && /0 to 2000 seconds/.test(error.message);
  });
  const turned = changes(bench.source)
    .filter(({ command }) => command === 'migrate-set-capabilities')
    .map(({ args }) => args);
  const events = (state: boolean) => ({ capabilities: [{ capability: 'events', state }] });
  assert.deepEqual(turned, [events(true), events(false)]);
  assert.equal(bench.destination.count('migrate-incoming'), 0);
});

test('a refused migration puts parameters back and removes the socket', async () => {
  bench.source.refuse('migrate', 'no');
  await assert.rejects(startMigration({ ...options(), maxBandwidth: 1_000_000 }), /no/);
  assert.deepEqual(changes(bench.source).at(-1)?.args, { 'max-bandwidth': 33_554_432 });
  assert.deepEqual(readdirSync(socketDirectory), []);
});

test('a destination that may not use our socket listens at a port', async () => {
  bench.destination.answer('migrate-incoming', (args) => {
    if (String(args?.['uri']).startsWith('unix:'))
      throw new QmpCommandError('migrate-incoming', 'GenericError', 'Permission denied');
    return {};
  });
  bench.destination.answer('query-migrate', {
    status: 'setup',
    'socket-address': [{ type: 'inet', host: '127.0.0.1', port: '40123' }],
  });
  const watch = await startMigration(options());
  assert.equal(watch.record.destination, 'tcp:127.0.0.1:40123');
  assert.deepEqual(readdirSync(socketDirectory), []);
  watch.dispose();
});

test('a destination elsewhere listens at the host of its monitor', async () => {
  const destination = new ScriptedMonitor(bench.clock, { address: 'tcp:hostb:5555', isLocal: false });
  destination.answer('query-status', { status: 'inmigrate' });
  destination.answer('query-migrate', { 'socket-address': [{ type: 'inet', host: '::', port: '40123' }] });
  const watch = await startMigration({ ...options(), destination });
  assert.equal(watch.record.destination, 'tcp:hostb:40123');
  watch.dispose();
});

test('a URI that was typed in is taken as it is', async () => {
  const { destination: _, ...alone } = options();
  const watch = await startMigration({ ...alone, destinationUri: 'tcp:far:4444' });
  assert.deepEqual(changes(bench.source).at(-1), { command: 'migrate', args: { uri: 'tcp:far:4444' } });
  watch.dispose();
});

test('aborted before the migration began: undone', async () => {
  const abort = new AbortController();
  bench.source.answer('migrate-set-parameters', () => {
    abort.abort(new Error('Esc'));
    return {};
  });
  await assert.rejects(startMigration({ ...options(), maxBandwidth: 5000, signal: abort.signal }), /Esc/);
  assert.equal(bench.source.count('migrate'), 0);
  assert.deepEqual(changes(bench.source).at(-1)?.args, { 'max-bandwidth': 33_554_432 });
});

test('aborted while it begins: cancelled, with its true end', async () => {
  const abort = new AbortController();
  bench.source.answer('migrate', () => {
    abort.abort(new Error('Esc'));
    bench.source.answer('query-migrate', { status: 'cancelled' });
    return {};
  });
  const watch = await startMigration({ ...options(), signal: abort.signal });
  assert.equal(watch.record.result?.status, 'cancelled');
});

test('whether a bandwidth can be declared is asked of QEMU', async () => {
  assert.deepEqual(await canDeclareBandwidth(bench.source), { possible: true });
  bench.source.answer('query-migrate-parameters', { 'downtime-limit': 300 });
  const { possible, reason } = await canDeclareBandwidth(bench.source);
  assert.equal(possible, false);
  assert.match(reason ?? '', /QEMU 10\.0\.2 has no avail-switchover-bandwidth/);
});
