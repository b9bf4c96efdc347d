import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { isJsonObject } from '../../src/shared/json.ts';
import { awaitRow } from '../support/e2e/awaitRow.ts';
import { migrateBehindTheBack } from '../support/e2e/foreignMigration.ts';
import { MigrationStage } from '../support/e2e/migrationStage.ts';
import { migrationSettings, migrationState } from '../support/e2e/migrationState.ts';

/** So little that no guest fits into it at 32 MiB/s, however slowly this machine runs it. */
const SHORT_DOWNTIME = '30';
/** What lifts the threshold of {@link SHORT_DOWNTIME} far above all that the guest keeps dirty. */
const PLENTY = 1_250_000_000;
const DECLARED = 104_857_600;
const MAX_BANDWIDTH = 33_554_432;

/** A guest that keeps 16 MiB dirty, at a max-bandwidth of 32 MiB/s: it can't converge unless more is declared. */
describe('migrations from the tree', () => {
  let stage: MigrationStage;
  let known: string[];

  before(async () => {
    stage = await MigrationStage.open();
    known = [];
  });

  afterEach(async () => {
    await stage.renew();
    known = await stage.records.finished();
  });

  after(() => stage[Symbol.asyncDispose]());

  /** Waits for the record, holds it against the schema of the format, and makes sure that there is only one. */
  async function finishedRecord() {
    const { name, record } = await stage.records.awaitNew(known);
    assert.deepEqual(await stage.records.complaintsAbout(name), []);
    assert.deepEqual(await stage.records.finished(), [...known, name]);
    assert.deepEqual(await stage.records.journals(), []);
    return record;
  }

  async function assertCancelled(): Promise<void> {
    await stage.panel.awaitStatus('cancelled');
    await stage.panel.awaitVerdict(/^Cancelled after/);
    assert.equal(await stage.panel.hasButton('Cancel Migration'), false);
    await stage.workbench.notifications.waitFor('was cancelled; the VM runs on here');
    await awaitRow(stage.tree, 'source', {
      description: 'running · migration cancelled',
      icon: 'codicon-vm-running',
    });
    const { control } = stage.pair.source;
    assert.deepEqual(await control.execute('query-migrate'), { status: 'cancelled' });
    assert.equal(await stage.isRunning('source'), true);
    const { result } = await finishedRecord();
    assert.equal(result?.status, 'cancelled');
  }

  test('with nothing declared it goes on pass after pass; Cancel in the panel ends it', async () => {
    await stage.dialog.migrate({ downtimeLimit: SHORT_DOWNTIME });
    await awaitRow(stage.tree, 'source', {
      description: 'migrating · active',
      icon: 'codicon-sync codicon-modifier-spin',
    });
    await awaitRow(stage.tree, 'destination', { description: /^receiving/ });
    const some = await stage.panel.awaitPasses(2, 20_000);
    const more = await stage.panel.awaitPasses(some.length + 4, 20_000);
    assert.deepEqual(
      more.map(([pass]) => pass),
      more.map((_, index) => String(index + 1)),
    );
    // Passes that have ended stay as they were told, but for the mark of those that are pooled with the next.
    const told = (rows: string[][]) => rows.map((cells) => cells.map((text) => text.replace('≈ ', '')));
    assert.deepEqual(told(more.slice(0, some.length - 1)), told(some.slice(0, -1)));
    const verdict = await stage.panel.awaitVerdict(/this guest keeps about [\d.]+ MB dirty/, 20_000);
    assert.match(verdict, /^QEMU estimates [\d.]+ MB\/s, so it switches over only below [\d.]+ MB;/);
    assert.match(verdict, /Declaring [\d.]+ MB\/s or more/);
    await stage.panel.click('Cancel Migration');
    await assertCancelled();
  });

  test('the cancel action of the tree ends it', async () => {
    await stage.dialog.migrate({ downtimeLimit: SHORT_DOWNTIME });
    await stage.panel.awaitPasses(1, 20_000);
    await stage.tree.clickInlineAction('source', 'Cancel Migration');
    await assertCancelled();
  });

  test('the progress notification tells pass and threshold, and its Cancel ends it', async () => {
    await stage.dialog.migrate({ downtimeLimit: SHORT_DOWNTIME });
    const { notifications } = stage.workbench;
    await notifications.waitFor(
      /Migrating source: pass \d+ · [\d.]+ MiB remaining, switches over below \d+ KiB/,
      20_000,
    );
    await notifications.clickButton('Migrating source', 'Cancel');
    await assertCancelled();
  });

  test('with 100 MiB/s declared it completes; record and VMs tell the same', async () => {
    await stage.dialog.migrate({ declared: '100MiB/s' });
    await stage.panel.awaitStatus('completed', 30_000);
    await stage.workbench.notifications.waitFor(/source has migrated in .* downtime .*, \d+ passes\./);
    await awaitRow(stage.tree, 'source', {
      description: /^postmigrate/,
      icon: 'codicon-pass',
    });
    await awaitRow(stage.tree, 'destination', { description: /^running/, icon: 'codicon-vm-running' });
    const record = await finishedRecord();
    assert.equal(record.declaredBandwidth, DECLARED);
    assert.equal(record.maxBandwidth, MAX_BANDWIDTH);
    assert.equal(record.downtimeLimitMs, 300);
    assert.equal(record.via, 'qmp');
    assert.equal(record.passesFrom, 'events');
    assert.equal(record.result?.status, 'completed');
    assert.equal(record.result?.switchoverMeasuredBy, 'stop-to-resume');
    assert.equal((await stage.panel.rows()).length, record.iterations.length);
    assert.equal(await stage.isRunning('destination'), true);
  });

  test('a value declared by another client while it runs shows as a change and completes it', async () => {
    await stage.dialog.migrate({ downtimeLimit: SHORT_DOWNTIME });
    await stage.panel.awaitPasses(3, 20_000);
    const values = { 'avail-switchover-bandwidth': PLENTY };
    await stage.pair.source.control.execute('migrate-set-parameters', values);
    await stage.panel.awaitStatus('completed', 30_000);
    assert.match(await stage.panel.description(), /at [\d.]+ s avail-switchover-bandwidth: 0 → 1250000000/);
    const { declaredBandwidth, changes, result } = await finishedRecord();
    assert.equal(declaredBandwidth, 0);
    assert.deepEqual(
      changes.map(({ parameter, from, to }) => ({ parameter, from, to })),
      [{ parameter: 'avail-switchover-bandwidth', from: 0, to: PLENTY }],
    );
    assert.equal(result?.status, 'completed');
  });

  test('what QEMU refuses is told in its own words, and every setting is put back', async () => {
    const settings = () => migrationSettings([stage.pair.source.control, stage.pair.destination.control]);
    const before = await settings();
    await stage.dialog.migrate({
      destination: 'fd:nowhere',
      declared: '77MiB/s',
      maxBandwidth: '48MiB/s',
      downtimeLimit: '450',
    });
    await stage.workbench.notifications.waitFor(/File descriptor named 'nowhere' has not been found/);
    const [message] = await stage.workbench.notifications.visible();
    assert.deepEqual([message?.severity, message?.buttons], ['error', ['Show Log']]);
    assert.deepEqual(await settings(), before);
    assert.equal(await stage.isRunning('source'), true);
    assert.deepEqual(await stage.workbench.tabs(), []);
    assert.deepEqual(await stage.records.finished(), known);
    assert.deepEqual(await stage.records.journals(), []);
  });

  test('nobody listens at the typed URI: failed, with the reason, and the VM runs on', async () => {
    await stage.dialog.migrate({
      destination: `unix:${stage.pair.directory}/nobody`,
      declared: '18446744073709551615',
      maxBandwidth: '18446744073709551615',
    });
    await stage.panel.awaitStatus('failed');
    await stage.panel.awaitVerdict(/^Failed after .*: Failed to connect to '.*nobody'/);
    await stage.workbench.notifications.waitFor(/migration of source .*Failed to connect to/);
    await awaitRow(stage.tree, 'source', { description: /^running .*failed/, icon: 'codicon-error' });
    await awaitRow(stage.tree, 'destination', { description: 'waiting for a migration' });
    assert.equal(await stage.isRunning('source'), true);
    // To the last digit, from the text field to the VM and to the disk.
    const parameters = await stage.pair.source.control.execute('query-migrate-parameters');
    const { result, declaredBandwidth, maxBandwidth } = await finishedRecord();
    const inVm = isJsonObject(parameters) ? parameters : {};
    const seen = [inVm['avail-switchover-bandwidth'], inVm['max-bandwidth'], declaredBandwidth, maxBandwidth];
    assert.deepEqual(seen, Array(4).fill(2n ** 64n - 1n));
    assert.match(result?.error ?? '', /Failed to connect to/);
  });

  test('a destination that runs by the time of the last Enter is refused before anything is changed', async () => {
    const { source, destination } = stage.pair;
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    await stage.dialog.answerDeclared('77MiB/s');
    await stage.dialog.answerMaxBandwidth('48MiB/s');
    await migrateBehindTheBack(stage.pair);
    await awaitRow(stage.tree, 'destination', { description: /^running/ });
    const before = await migrationState([source.control, destination.control]);
    await stage.dialog.answerDowntimeLimit('450');
    await stage.workbench.notifications.waitFor(
      `${destination.address} does not wait for a migration (state "running"): start it with -incoming defer.`,
    );
    assert.deepEqual(await migrationState([source.control, destination.control]), before);
    assert.deepEqual(await stage.records.finished(), known);
    assert.deepEqual(await stage.workbench.tabs(), []);

    // Now that one is the source, and nobody waits.
    await stage.workbench.runCommand('QMP: Migrate VM…');
    await stage.dialog.quickInput.waitForTitle('Migrate destination: destination');
    const [item] = await stage.dialog.quickInput.items();
    assert.equal(item?.label, 'No connected VM waits for a migration');
    await stage.dialog.quickInput.dismiss();
    await stage.dialog.quickInput.waitUntilClosed();
  });
});
