import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OLD_QEMU } from '../../scripts/provision/oldQemu.ts';
import { awaitRow } from '../support/e2e/awaitRow.ts';
import { STEPS } from '../support/e2e/migrateDialog.ts';
import { MigrationStage } from '../support/e2e/migrationStage.ts';

describe('a QEMU that can not be told the switchover bandwidth', () => {
  let stage: MigrationStage;

  before(async () => {
    stage = await MigrationStage.open(OLD_QEMU);
  });

  after(() => stage[Symbol.asyncDispose]());

  test('declaring is not offered, and the reason is', async () => {
    const { quickInput } = stage.dialog;
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    const items = await quickInput.items();
    assert.deepEqual(
      items.map(({ label }) => label),
      ['Go on without declaring'],
    );
    assert.match(items[0]?.detail ?? '', /^QEMU 7\.\d+\.\d+ has no avail-switchover-bandwidth: .* QEMU 8\.2/);
    // Nor by typing one.
    await quickInput.type('100MiB/s');
    await quickInput.accept();
    await quickInput.waitForTitle(STEPS.maxBandwidth);
    await quickInput.dismiss();
    await quickInput.waitUntilClosed();
  });

  test('migrates all the same; the record says nothing of a declared value', async () => {
    // 2 s at 32 MiB/s: more than the guest keeps dirty.
    await stage.dialog.migrate({ downtimeLimit: '2000' });
    await stage.panel.awaitStatus('completed', 30_000);
    await stage.panel.awaitVerdict(/^Completed in /);
    await awaitRow(stage.tree, 'source', { description: /^postmigrate/ });
    await awaitRow(stage.tree, 'destination', { description: /^running/ });
    assert.equal(await stage.isRunning('destination'), true);
    const { name, record } = await stage.records.awaitNew([]);
    assert.deepEqual(await stage.records.complaintsAbout(name), []);
    assert.match(record.vm.qemu, /^7\./);
    assert.equal('declaredBandwidth' in record, false);
    assert.equal(record.result?.status, 'completed');
    assert.equal(record.passesFrom, 'events');
  });
});
