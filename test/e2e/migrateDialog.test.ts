import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scripts/process/until.ts';
import { STEPS } from '../support/e2e/migrateDialog.ts';
import { MigrationStage } from '../support/e2e/migrationStage.ts';
import { migrationState } from '../support/e2e/migrationState.ts';

describe('the dialog of "Migrate VM…"', () => {
  let stage: MigrationStage;

  before(async () => {
    stage = await MigrationStage.open();
  });

  after(() => stage[Symbol.asyncDispose]());

  const state = () => migrationState([stage.pair.source.control, stage.pair.destination.control]);

  async function leave(): Promise<void> {
    await stage.dialog.quickInput.dismiss();
    await stage.dialog.quickInput.waitUntilClosed();
  }

  /** Types into a list and waits for what it makes of it. */
  async function echoOf(text: string): Promise<{ label: string; description: string; detail: string }> {
    const { quickInput } = stage.dialog;
    await quickInput.type(text);
    return until(`the list to answer to "${text}"`, async () => {
      const [item, ...more] = await quickInput.items();
      if (!item || more.length > 0) throw new Error(`${more.length + 1} items`);
      if (!`${item.label} ${item.description}`.includes(text)) throw new Error(JSON.stringify(item));
      return item;
    });
  }

  /** Types into a field and waits for a note below it that matches. */
  async function typeAndAwaitNote(text: string, note: RegExp): Promise<void> {
    const { quickInput } = stage.dialog;
    await quickInput.type(text);
    await until(`the note below "${text}" to match ${note}`, async () => {
      const seen = await quickInput.message();
      if (!note.test(seen)) throw new Error(seen);
      return true;
    });
  }

  test('offers the connected VM that waits for a migration, and not the source itself', async () => {
    await stage.dialog.open();
    assert.equal(await stage.dialog.quickInput.title(), 'Migrate source: destination (1/4)');
    const items = await stage.dialog.quickInput.items();
    assert.deepEqual(
      items.map(({ label }) => label),
      ['destination'],
    );
    assert.equal(items[0]?.description, stage.pair.destination.address);
    assert.match(items[0]?.detail ?? '', /Waits for a migration/);
    await leave();
  });

  test('opens from the palette too, for the only VM that can be migrated', async () => {
    await stage.workbench.runCommand('QMP: Migrate VM…');
    await stage.dialog.quickInput.waitForTitle('Migrate source: destination');
    await leave();
  });

  test('tells what is wrong with a typed URI and does not accept it', async () => {
    await stage.dialog.open();
    const wrong: [string, RegExp][] = [
      ['http://host:4444', /Write a migration URI, such as tcp:host:4444/],
      ['tcp:host', /"host" is not a host and a port/],
      ['tcp:host:70000', /port from 1 to 65535/],
      ['unix:relative', /must be absolute/],
      ['fd:', /Something must follow "fd:"/],
    ];
    for (const [uri, reason] of wrong) {
      assert.match((await echoOf(uri)).detail, reason);
      await stage.dialog.quickInput.accept();
    }
    const right = await echoOf('tcp:127.0.0.1:4444');
    assert.match(right.detail, /must listen there already/);
    assert.match(await stage.dialog.quickInput.title(), STEPS.destination);
    await stage.dialog.quickInput.accept();
    await stage.dialog.quickInput.waitForTitle(STEPS.declared);
    await leave();
  });

  test('echoes a declared bandwidth in exact bytes per second, with the threshold that it means', async () => {
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    const right: [string, string, string][] = [
      ['125000000', '125000000 B/s', '37500000 bytes'],
      ['100MiB/s', '104857600 B/s', '31457100 bytes'],
      ['1Gbit/s', '125000000 B/s', '37500000 bytes'],
      ['10 Gbps', '1250000000 B/s', '375000000 bytes'],
      ['18446744073709551615', '18446744073709551615 B/s', '5534023222112865280 bytes'],
    ];
    for (const [text, exactly, threshold] of right) {
      const echo = await echoOf(text);
      const wanted = exactly.startsWith(`${text} `) ? `${exactly} = ` : `${text} = ${exactly} = `;
      assert.ok(echo.description.startsWith(wanted), echo.description);
      assert.ok(echo.detail.includes(`(${threshold}) at a downtime limit of 300 ms`), echo.detail);
    }
    await leave();
  });

  test('tells what is wrong with a declared bandwidth and does not accept it', async () => {
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    const wrong: [string, RegExp][] = [
      ['999', /999 bytes per second: .* threshold is 0/],
      ['-1', /negative/],
      ['1G', /bits or bytes.*1Gbit\/s or 1GB\/s/],
      ['1.5', /fraction of a byte/],
      ['abc', /does not start with a number/],
      ['18446744073709551616', /more than QEMU can hold: at most 18446744073709551615/],
    ];
    for (const [text, reason] of wrong) {
      assert.match((await echoOf(text)).detail, reason);
      await stage.dialog.quickInput.accept();
    }
    // Had one been accepted, the next step would have taken this.
    await echoOf('1000');
    assert.match(await stage.dialog.quickInput.title(), STEPS.declared);
    await leave();
  });

  test('echoes max-bandwidth and downtime-limit, and refuses what they can not be', async () => {
    const { quickInput } = stage.dialog;
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    await stage.dialog.answerDeclared('100MiB/s');
    await typeAndAwaitNote('32MiB/s', /^33554432 B\/s = 32 MiB\/s = 268 Mbit\/s/);
    await typeAndAwaitNote('0', /^No cap/);
    await typeAndAwaitNote('1G', /bits or bytes/);
    await quickInput.accept();
    await typeAndAwaitNote('fast', /does not start with a number/);
    assert.match(await quickInput.title(), STEPS.maxBandwidth);
    await stage.dialog.answerMaxBandwidth('32MiB/s');
    await typeAndAwaitNote(
      '500',
      /^The guest may stand still for 500 ms\. Switches over below 50\.0 MiB \(52428500 bytes\).*\. Enter starts the migration\.$/,
    );
    await typeAndAwaitNote('0', /no threshold is ever reached/);
    await typeAndAwaitNote('2000001', /at most 2000000 ms/);
    await quickInput.accept();
    await typeAndAwaitNote('soon', /whole number of milliseconds/);
    await quickInput.accept();
    await typeAndAwaitNote('1.5', /whole number of milliseconds/);
    assert.match(await quickInput.title(), STEPS.downtimeLimit);
    await leave();
  });

  test('goes back step by step to what was typed', async () => {
    const { quickInput } = stage.dialog;
    await stage.dialog.open();
    assert.equal(await quickInput.hasBackButton(), false);
    await stage.dialog.answerDestination('tcp:127.0.0.1:4444');
    await stage.dialog.answerDeclared('100MiB/s');
    await stage.dialog.answerMaxBandwidth('48MiB/s');
    await quickInput.type('450');
    await quickInput.goBack();
    await quickInput.waitForTitle(STEPS.maxBandwidth);
    assert.equal(await quickInput.value(), '48MiB/s');
    await quickInput.goBack();
    await quickInput.waitForTitle(STEPS.declared);
    assert.equal(await quickInput.value(), '100MiB/s');
    await quickInput.goBack();
    await quickInput.waitForTitle(STEPS.destination);
    assert.equal(await quickInput.value(), 'tcp:127.0.0.1:4444');
    await quickInput.accept();
    await quickInput.waitForTitle(STEPS.declared);
    await quickInput.accept();
    await quickInput.waitForTitle(STEPS.maxBandwidth);
    await quickInput.accept();
    await quickInput.waitForTitle(STEPS.downtimeLimit);
    assert.equal(await quickInput.value(), '450');
    await leave();
  });

  test('Esc at each of the four steps changes nothing in either VM', async () => {
    const { dialog } = stage;
    const before = await state();
    const advance = [
      () => dialog.answerDestination(),
      () => dialog.answerDeclared('77MiB/s'),
      () => dialog.answerMaxBandwidth('48MiB/s'),
    ];
    for (let step = 0; step <= advance.length; step++) {
      await dialog.open();
      for (const answer of advance.slice(0, step)) await answer();
      if (step === advance.length) await dialog.quickInput.type('450');
      await leave();
      assert.deepEqual(await state(), before, `Esc at step ${step + 1}`);
    }
    assert.deepEqual(await stage.records.finished(), []);
    assert.deepEqual(await stage.records.journals(), []);
    assert.deepEqual(await stage.workbench.tabs(), []);
    assert.deepEqual(await stage.workbench.notifications.visible(), []);
  });

  test('offers the value of the last migration the next time, and "Not declared" first', async () => {
    await stage.dialog.migrate({ declared: '100MiB/s' });
    await stage.panel.awaitStatus('completed', 30_000);
    await stage.renew();
    await stage.dialog.open();
    await stage.dialog.answerDestination();
    const [first, second] = await stage.dialog.quickInput.items();
    assert.equal(first?.label, 'Not declared');
    assert.match(second?.description ?? '', /^last used/);
    assert.match(second?.detail ?? '', /\(31457100 bytes\)/);
    await leave();
  });
});
