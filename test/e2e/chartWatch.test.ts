import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../../scripts/process/until.ts';
import type { RunRecord } from '../../src/shared/runRecord.ts';
import { awaitRow } from '../support/e2e/awaitRow.ts';
import { extensionHostPid } from '../support/e2e/extensionHost.ts';
import { startForeignMigration } from '../support/e2e/foreignMigration.ts';
import { MigrationStage } from '../support/e2e/migrationStage.ts';
import { awaitSavedWindowState } from '../support/e2e/savedWindowState.ts';

/** 32 MiB/s and 30 ms: no guest converges by that, however slowly this machine runs it. */
const ENDLESS = { 'max-bandwidth': 33_554_432, 'downtime-limit': 30 };
/** Lifts the threshold far above all that the guest keeps dirty. */
const PLENTY = { 'avail-switchover-bandwidth': 1_250_000_000 };
/** Reloading takes seconds on a busy machine, and nobody watches meanwhile. */
const RELOAD_DEADLINE_MS = 60_000;

describe('the panel of a migration that others started, and of one that outlives the window', () => {
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

  /** Lets the migration complete; returns the one record of it. */
  async function complete(): Promise<RunRecord> {
    await stage.pair.source.control.execute('migrate-set-parameters', PLENTY);
    await stage.panel.awaitStatus('completed', 30_000);
    return theOnlyRecord();
  }

  async function theOnlyRecord(): Promise<RunRecord> {
    const { name, record } = await stage.records.awaitNew(known);
    assert.deepEqual(await stage.records.finished(), [...known, name]);
    await until('the journal to be gone', async () => (await stage.records.journals()).length === 0);
    assert.deepEqual(await stage.records.complaintsAbout(name), []);
    const times = record.samples.map(({ t }) => t);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    return record;
  }

  /** @param shown what stands in the saved state of the editors when the panel is in it */
  async function reload(...shown: string[]): Promise<void> {
    await awaitSavedWindowState(stage.workbench.page, 'qmp.chart', 'restore', ...shown);
    await stage.workbench.reload();
  }

  function passesOf(rows: readonly string[][]): number[] {
    return rows.map(([pass]) => Number(pass));
  }

  test('"Watch Migration" joins one that another client started, and follows it to its end', async () => {
    await startForeignMigration(stage.pair, ENDLESS);
    await awaitRow(stage.tree, 'source', { description: 'migrating · active' });
    await stage.awaitPass(3);
    await stage.workbench.runCommand('QMP: Watch Migration');
    const [first = 0, ...more] = passesOf(await stage.panel.awaitPasses(3, 30_000));
    assert.ok(first >= 3, `it tells of pass ${first}, whose beginning nobody saw`);
    assert.deepEqual(
      more,
      more.map((_, index) => first + index + 1),
    );
    await stage.panel.awaitVerdict(/this guest keeps about [\d.]+ MB dirty/, 20_000);
    const { samples, via, result } = await complete();
    assert.equal(via, 'watched');
    assert.equal(result?.status, 'completed');
    assert.ok((samples[0]?.t ?? 0) > 0, 'the time axis begins where the migration did');
  });

  test('a reload in mid-migration: the panel comes back by itself and goes on', async () => {
    await stage.dialog.migrate({ downtimeLimit: '30' });
    const seen = passesOf(await stage.panel.awaitPasses(3, 30_000));
    await reload();
    await stage.panel.awaitPasses(seen.length + 3, RELOAD_DEADLINE_MS);
    await stage.panel.awaitVerdict(/this guest keeps about [\d.]+ MB dirty/, 20_000);
    assert.equal((await stage.workbench.tabs()).length, 1);
    await awaitRow(stage.tree, 'source', { description: 'migrating · active' });
    await stage.workbench.notifications.waitFor('Migrating source', 20_000);
    const { samples, via, result } = await complete();
    assert.equal(via, 'qmp');
    assert.equal(result?.status, 'completed');
    assert.ok((samples[0]?.t ?? Number.NaN) < 1_000, 'the samples of before the reload are there');
  });

  test('a reload with the panel behind another tab: it goes on unseen and shows it all when it is shown', async () => {
    await stage.dialog.migrate({ downtimeLimit: '30' });
    const seen = await stage.panel.awaitPasses(2, 30_000);
    await stage.workbench.runCommand('File: New Untitled Text File');
    await reload('untitled');
    await stage.workbench.notifications.waitFor('Migrating source', RELOAD_DEADLINE_MS);
    await stage.awaitPass(seen.length + 4);
    await stage.workbench.showTab('source: migrating');
    await stage.panel.awaitPasses(seen.length + 2, RELOAD_DEADLINE_MS);
    await stage.panel.click('Cancel Migration');
    await stage.panel.awaitStatus('cancelled');
    const { result } = await theOnlyRecord();
    assert.equal(result?.status, 'cancelled');
  });

  test('a reload while the window before is slow to end: the panel goes on as soon as that lets go', async () => {
    await stage.dialog.migrate({ downtimeLimit: '30' });
    const seen = passesOf(await stage.panel.awaitPasses(2, 30_000));
    const former = extensionHostPid(stage.under);
    process.kill(former, 'SIGSTOP');
    await reload();
    await awaitRow(
      stage.tree,
      'source',
      { description: 'unreachable', ariaLabel: /one client at a time/ },
      30_000,
    );
    process.kill(former, 'SIGKILL');
    await stage.panel.awaitPasses(seen.length + 3, RELOAD_DEADLINE_MS);
    const { result } = await complete();
    assert.equal(result?.status, 'completed');
  });

  test('a reload after the end: the panel shows the record', async () => {
    await stage.dialog.migrate({ declared: '10Gbit/s' });
    await stage.panel.awaitStatus('completed', 30_000);
    const before = { verdict: await stage.panel.awaitVerdict(/^Completed/), rows: await stage.panel.rows() };
    await reload();
    await stage.panel.awaitStatus('completed', RELOAD_DEADLINE_MS);
    const after = { verdict: await stage.panel.awaitVerdict(/^Completed/), rows: await stage.panel.rows() };
    assert.deepEqual(after, before);
    assert.equal(await stage.panel.hasButton('Cancel Migration'), false);
    await theOnlyRecord();
  });

  test('the extension host is killed: all but the last second is on disk, and the record goes on', async () => {
    await stage.dialog.migrate({ downtimeLimit: '30' });
    await stage.panel.awaitPasses(3, 30_000);
    const killedAt = Date.now();
    process.kill(extensionHostPid(stage.under), 'SIGKILL');
    const [journal = ''] = await stage.records.journals();
    const saved = await stage.records.readJournal(journal);
    const startedAt = Date.parse(saved.startedAt);
    const lost = killedAt - startedAt - (saved.samples.at(-1)?.t ?? 0);
    assert.ok(lost <= 1_000, `${lost} ms are lost`);
    await reload();
    await stage.panel.awaitPasses(saved.iterations.length + 2, RELOAD_DEADLINE_MS);
    const record = await complete();
    assert.equal(record.startedAt, saved.startedAt);
    assert.deepEqual(record.samples.slice(0, saved.samples.length), saved.samples);
    assert.deepEqual(record.iterations.slice(0, saved.iterations.length), saved.iterations);
  });
});
