import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { RunStore } from '../../../src/migration/runStore.ts';
import { parseExact } from '../../../src/qmp/exactJson.ts';
import { collectingLogger } from '../../support/qmp/collectingLogger.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';
import { completedRun, sample, sampleRun } from './sampleRun.ts';

failOnUnhandledRejection();

let directory: string;
let clock: ManualClock;
let logger: ReturnType<typeof collectingLogger>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'qmp-runs-'));
  clock = new ManualClock();
  logger = collectingLogger();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function openStore(): RunStore {
  return new RunStore({ directory, clock, logger });
}

function files(): string[] {
  return readdirSync(directory);
}

function journalFile(): string {
  const name = files().find((file) => file.endsWith('.journal'));
  assert.ok(name, `no journal among ${files()}`);
  return join(directory, name);
}

test('a finished run is one file, named by its start and its VM', async () => {
  const store = openStore();
  const record = completedRun({ vm: { name: '../Web server: 1', address: 'unix:/x', qemu: '10.0.2' } });
  const journal = await store.begin(record);
  const path = await journal.finish(record);
  assert.deepEqual(files(), ['2024-05-06T07-08-09.010Z-Web-server-1.run.json']);
  assert.equal(path, store.pathOf(journal.key));
  assert.deepEqual(await store.open(path), record);
  assert.deepEqual(await store.list(), [path]);
});

test('integers beyond 2^53 and unknown fields survive being rewritten', async () => {
  const store = openStore();
  const record = completedRun({
    declaredBandwidth: 2n ** 64n - 1n,
    samples: [sample(1, 1, { threshold: 5_534_023_222_112_865_280n })],
  });
  const extended = { ...record, note: { by: 'somebody else', number: 2n ** 63n } };
  const path = await (await store.begin(extended)).finish(extended);
  const read = await store.open(path);
  assert.deepEqual(read, extended);
  assert.match(readFileSync(path, 'utf8'), /18446744073709551615/);
});

test('what grew is on disk within a second', async () => {
  const store = openStore();
  const record = sampleRun({ samples: [], iterations: [] });
  const journal = await store.begin(record);
  record.samples.push(sample(100, 1), sample(200, 1));
  journal.update(record);
  clock.advance(1000);
  await journal.suspend();
  const lines = readFileSync(journalFile(), 'utf8').trim().split('\n');
  assert.equal(lines.length, 2);
  assert.deepEqual(parseExact(lines[1] ?? ''), { samples: [sample(100, 1), sample(200, 1)] });
});

test('samples that came before the journal was begun are in it', async () => {
  const record = sampleRun();
  await (await openStore().begin(record)).suspend();
  const [found] = await openStore().unfinished();
  assert.deepEqual(found?.record, record);
});

test('a crash leaves a journal that the next session takes over and goes on with', async () => {
  const record = sampleRun();
  const lost = await openStore().begin(record);
  clock.advance(1000);
  await lost.suspend();
  const store = openStore();
  const [journal, ...others] = await store.unfinished();
  assert.ok(journal);
  assert.equal(others.length, 0);
  assert.equal(journal.key, lost.key);
  journal.record.samples.push(sample(3700, 5));
  journal.update(journal.record);
  clock.advance(1000);
  await journal.suspend();
  const [again] = await openStore().unfinished();
  assert.equal(again?.record.samples.length, record.samples.length + 1);
  assert.equal(again?.record.samples.at(-1)?.t, 3700);
});

test('a line cut short by the crash costs only itself', async () => {
  const record = sampleRun();
  const journal = await openStore().begin(record);
  clock.advance(1000);
  record.samples.push(sample(3700, 5));
  journal.update(record);
  await journal.suspend();
  const path = journalFile();
  truncateSync(path, readFileSync(path).length - 10);
  const [found] = await openStore().unfinished();
  assert.equal(found?.record.samples.length, record.samples.length - 1);
  await found?.abandon();
  assert.deepEqual(await openStore().unfinished(), []);
});

test('an abandoned run ends as lost, and can be opened', async () => {
  await (await openStore().begin(sampleRun())).suspend();
  const store = openStore();
  const [journal] = await store.unfinished();
  const path = await journal?.abandon('The editor was closed.');
  const read = await store.open(path ?? '');
  assert.deepEqual(read.result, { status: 'lost', error: 'The editor was closed.' });
  assert.equal(files().length, 1);
});

test('a journal that is being written is nobody else’s', async () => {
  const store = openStore();
  const journal = await store.begin(sampleRun());
  assert.deepEqual(await store.unfinished(), []);
  const other = journalFile().replace(`.${process.pid}-`, `.${process.ppid}-`);
  writeFileSync(other, '{}');
  clock.advance(Date.now() - clock.now());
  assert.deepEqual(await store.unfinished(), []);
  await journal.finish(completedRun());
});

test('a journal without a whole first line is put aside', async () => {
  await (await openStore().begin(sampleRun())).suspend();
  writeFileSync(journalFile(), '{"format":"qmp-mig');
  assert.deepEqual(await openStore().unfinished(), []);
  assert.match(files()[0] ?? '', /\.damaged$/);
  assert.ok(logger.lines.some((line) => /first line is damaged/.test(line)));
});

test('two runs of one VM that began together have two files', async () => {
  const store = openStore();
  const [first, second] = [await store.begin(sampleRun()), await store.begin(sampleRun())];
  assert.notEqual(first.key, second.key);
  await first.finish(completedRun());
  await second.finish(completedRun());
  assert.equal((await store.list()).length, 2);
});

test('a disk that takes no more is told once, and the run goes on', async () => {
  const journal = await openStore().begin(sampleRun());
  rmSync(directory, { recursive: true });
  for (let i = 0; i < 3; i++) {
    journal.record.samples.push(sample(4000 + i, 6));
    journal.update(journal.record);
    clock.advance(1000);
  }
  await journal.suspend();
  assert.equal(logger.lines.filter((line) => line.startsWith('error')).length, 1);
});

test('an empty place holds no runs', async () => {
  const store = new RunStore({ directory: join(directory, 'none'), clock, logger });
  assert.deepEqual(await store.unfinished(), []);
  assert.deepEqual(await store.list(), []);
  assert.throws(() => store.pathOf('../x'), /does not name a run/);
});

const text = JSON.stringify(completedRun({ declaredBandwidth: 1000 }));
const refused: [string, string, RegExp][] = [
  ['something else', '{"a":1}', /not the record of a migration/],
  ['a list', '[]', /not the record of a migration/],
  ['no JSON', 'hello', /is not JSON/],
  ['the beginning of one', text.slice(0, 500), /only the beginning of one/],
  ['a later version', text.replace('"version":1', '"version":2'), /later version/],
  ['a record without samples', text.replace('"samples"', '"simples"'), /samples/],
  ['a bad sample', text.replace('"t":100', '"t":"soon"'), /\/samples\/0\/t must be number/],
  [
    'a number beyond 2^64',
    text.replace('"declaredBandwidth":1000', `"declaredBandwidth":${2n ** 65n}`),
    /declaredBandwidth/,
  ],
  ['a bad date', text.replace('2024-05', '2024-25'), /startedAt/],
  ['deep nesting', `${'['.repeat(200_000)}`, /can not be opened/],
];

for (const [what, content, message] of refused) {
  test(`opening ${what} says what is wrong`, async () => {
    const path = join(directory, 'x.run.json');
    writeFileSync(path, content);
    await assert.rejects(openStore().open(path), message);
  });
}

test('a file too large for a record is not read', async () => {
  const path = join(directory, 'huge.run.json');
  writeFileSync(path, '');
  truncateSync(path, 600 * 1024 * 1024);
  await assert.rejects(openStore().open(path), /too large for a record/);
});

test('opening what is not there says so', async () => {
  await assert.rejects(openStore().open(join(directory, 'none.run.json')), /can not be opened.*ENOENT/);
});
