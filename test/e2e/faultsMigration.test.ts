import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { awaitRow } from '../support/e2e/awaitRow.ts';
import { unhandledErrors } from '../support/e2e/extensionHostLog.ts';
import { MigrationStage } from '../support/e2e/migrationStage.ts';

/** By when the user sees the truth. */
const TRUTH_DEADLINE_MS = 2_000;

describe('QEMU killed in the middle of a migration', () => {
  let stage: MigrationStage;

  before(async () => {
    stage = await MigrationStage.open();
  });

  after(() => stage[Symbol.asyncDispose]());

  /** A migration that goes on and on, in its second pass or later. */
  async function migrateEndlessly(): Promise<void> {
    await stage.dialog.migrate();
    await stage.panel.awaitPasses(2);
    await stage.panel.awaitStatus('active');
  }

  test('the destination: the source runs on, and the record says how the migration failed', async () => {
    const known = await stage.records.finished();
    await migrateEndlessly();
    stage.pair.destination.kill();
    await awaitRow(stage.tree, 'source', { description: 'running · migration failed' }, TRUTH_DEADLINE_MS);
    await awaitRow(stage.tree, 'destination', { description: 'unreachable' }, TRUTH_DEADLINE_MS);
    const { name, record } = await stage.records.awaitNew(known, TRUTH_DEADLINE_MS);
    assert.deepEqual(await stage.records.complaintsAbout(name), []);
    assert.equal(record.result?.status, 'failed');
    const words = record.result.error ?? '';
    assert.match(words, /Broken pipe|Connection reset|Unable to write/, 'QEMU says why');
    assert.ok(record.samples.length > 0 && record.iterations.length > 0, 'what was measured is kept');
    await stage.panel.awaitStatus('failed');
    await stage.panel.awaitVerdict(words);
    await stage.workbench.notifications.waitFor(`The migration of source ended as "failed": ${words}`);
    assert.equal(await stage.isRunning('source'), true);
  });

  test('the source: it is gone, and the record is kept as lost', async () => {
    await stage.renew();
    const known = await stage.records.finished();
    await migrateEndlessly();
    stage.pair.source.kill();
    const gone = {
      description: 'unreachable',
      icon: 'codicon-warning',
      ariaLabel: /^source, unreachable: unix:/,
    };
    await awaitRow(stage.tree, 'source', gone, TRUTH_DEADLINE_MS);
    const { name, record } = await stage.records.awaitNew(known, TRUTH_DEADLINE_MS);
    assert.deepEqual(await stage.records.complaintsAbout(name), []);
    assert.equal(record.result?.status, 'lost');
    assert.match(record.result.error ?? '', /ended before the migration did/);
    assert.ok(record.samples.length > 0 && record.iterations.length > 0, 'what was measured is kept');
    await stage.panel.awaitStatus('lost');
    await stage.panel.awaitVerdict('ended before the migration did');
    await stage.workbench.notifications.waitFor('The migration of source is not followed any more');
    assert.deepEqual(await stage.records.journals(), []);
  });

  test('left no error that reached nobody', async () => {
    assert.deepEqual(await unhandledErrors(stage.under), []);
  });
});
