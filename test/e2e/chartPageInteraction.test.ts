import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inkOf } from '../support/chartPage/canvasInk.ts';
import { ChartPageDriver } from '../support/chartPage/chartPageDriver.ts';
import { emptyRun, recordedView } from '../support/chartPage/chartViews.ts';

describe('what one can do in the chart page', () => {
  let driver: ChartPageDriver;
  before(async () => {
    driver = await ChartPageDriver.start();
  });
  after(async () => {
    await driver[Symbol.asyncDispose]();
  });

  test('speaks the other unit, and says so', async () => {
    await using chart = await driver.show(recordedView('declared'));
    await chart.page.getByRole('button', { name: 'Mbit/s' }).click();
    assert.deepEqual(await chart.waitForPosted('unit'), { type: 'unit', unit: 'Mbit/s' });
    await chart.page.getByRole('heading', { name: 'Bandwidth (Mbit/s)' }).waitFor();
    assert.match(await chart.text('.figure.bandwidth .legend'), /Declared839 Mbit\/s/);
    assert.match(await chart.text('tbody'), /272 Mbit\/s/);
    assert.doesNotMatch(await chart.text('tbody'), /MiB\/s/);
  });

  test('has one crosshair over both plots, for the pointer', async () => {
    await using chart = await driver.show(recordedView('undeclared'));
    await chart.page.locator('.figure.bandwidth .u-over').hover({ position: { x: 400, y: 50 } });
    await chart.page.locator('.figure.remaining .moment', { hasText: /^\d+\.\d\d s, pass \d+/ }).waitFor();
    const lines = await chart.page
      .locator('.u-cursor-x')
      .evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().x));
    const [upper = 0, lower = 0] = lines;
    assert.ok(Math.abs(upper - lower) <= 6, `the lines stand at ${upper} and ${lower}`);
    await chart.page.mouse.move(2, 2);
    await chart.page.locator('.figure.remaining .moment', { hasText: 'last values' }).waitFor();
  });

  test('has it for the keyboard too', async () => {
    await using chart = await driver.show(recordedView('undeclared'));
    const handle = chart.page.getByRole('slider', { name: 'Crosshair over bandwidth' });
    await handle.focus();
    await handle.press('Home');
    await handle.press('ArrowRight');
    const second = await handle.getAttribute('aria-valuetext');
    assert.match(second ?? '', /^0\.\d\d s, pass 1.*; QEMU’s estimate/);
    await handle.press('End');
    await handle.press('Shift+ArrowLeft');
    assert.match((await handle.getAttribute('aria-valuetext')) ?? '', /^1[34]\.\d\d s, pass 5\d/);
    await handle.press('Escape');
    await chart.page.locator('.figure.bandwidth .moment', { hasText: 'last values' }).waitFor();
  });

  test('hides a line on request', async () => {
    await using chart = await driver.show(recordedView('declared'));
    const toggle = chart.page.getByRole('button', { name: /^Declared/ });
    await toggle.click();
    await chart.page.locator('.legend-toggle[aria-pressed=false]').waitFor();
    assert.equal((await inkOf(chart.page, 'bandwidth', 'charts-yellow')).pixels, 0);
    assert.ok(
      (await inkOf(chart.page, 'remaining', 'charts-yellow')).pixels > 0,
      'the other plot keeps its line',
    );
  });

  test('zooms by dragging and back', async () => {
    await using chart = await driver.show(recordedView('undeclared'));
    const reset = chart.page.getByRole('button', { name: 'Reset zoom' });
    assert.equal(await reset.isVisible(), false);
    const box = await chart.page.locator('.figure.remaining .u-over').boundingBox();
    assert.ok(box);
    await chart.page.mouse.move(box.x + 300, box.y + 50);
    await chart.page.mouse.down();
    await chart.page.mouse.move(box.x + 400, box.y + 50, { steps: 4 });
    await chart.page.mouse.up();
    await reset.waitFor();
    await reset.click();
    await reset.waitFor({ state: 'hidden' });
  });

  test('posts what its buttons ask for', async () => {
    await using chart = await driver.show(emptyRun());
    await chart.page.getByRole('button', { name: 'Cancel Migration' }).click();
    for (const name of ['CSV', 'JSON', 'PNG', 'Markdown']) {
      await chart.page.getByRole('button', { name: `Export as ${name}` }).click();
    }
    const posted = (await chart.posted()).slice(1);
    assert.deepEqual(posted, [
      { type: 'cancel' },
      ...(['csv', 'json', 'png', 'markdown'] as const).map((format) => ({ type: 'export', format })),
    ]);
    await chart.send({ type: 'show', view: recordedView('declared'), unit: 'MiB/s' });
    assert.equal(await chart.page.getByRole('button', { name: 'Cancel Migration' }).isVisible(), false);
  });
});
