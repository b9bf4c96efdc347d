import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { emptyChartSamples } from '../../src/shared/chartMessages.ts';
import { ChartPageDriver } from '../support/chartPage/chartPageDriver.ts';
import { emptyRun, madeUpRun, madeUpSamples, recordedView } from '../support/chartPage/chartViews.ts';

describe('the chart page and the extension', () => {
  let driver: ChartPageDriver;
  before(async () => {
    driver = await ChartPageDriver.start();
  });
  after(async () => {
    await driver[Symbol.asyncDispose]();
  });

  test('goes on live, touching only the rows that change', async () => {
    const view = madeUpRun(100);
    await using chart = await driver.show(view);
    await chart.page.evaluate(() => {
      const changed = new Set<Node>();
      Object.assign(window, { changed });
      const observer = new MutationObserver((records) => {
        for (const { target } of records) changed.add(target);
      });
      for (const row of document.querySelectorAll('tbody tr'))
        observer.observe(row, { childList: true, subtree: true, characterData: true });
    });
    const next = madeUpRun(110);
    const from = view.iterations.length - 1;
    await chart.send({
      type: 'append',
      samples: madeUpSamples(100, 10),
      iterations: { from, items: next.iterations.slice(from) },
      steps: { from: view.steps.length, items: next.steps.slice(view.steps.length) },
      state: { ...next.state, verdict: 'Ten samples more.' },
    });
    assert.equal(await chart.page.locator('tbody tr').count(), next.iterations.length);
    assert.match(await chart.text('.figure.bandwidth .moment'), /10\.9 s/);
    const touched = await chart.page.evaluate(
      () => (window as unknown as { changed: Set<Node> }).changed.size,
    );
    assert.ok(touched <= 8, `${touched} cells of old rows were touched`);
  });

  test('asks for the whole state when an increment leaves a hole', async () => {
    await using chart = await driver.show(madeUpRun(10));
    await chart.send({
      type: 'append',
      samples: madeUpSamples(10, 1),
      iterations: { from: 99, items: [] },
      steps: { from: 0, items: [] },
      state: emptyRun().state,
    });
    assert.equal((await chart.posted()).filter(({ type }) => type === 'ready').length, 2);
  });

  test('does not read out every number of a verdict that changes ten times a second', async () => {
    await using chart = await driver.show(madeUpRun(10));
    await chart.page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(window, { spoken });
      const status = document.querySelector('[role=status]');
      if (status)
        new MutationObserver(() => spoken.push(status.textContent ?? '')).observe(status, {
          childList: true,
        });
    });
    const tail = { from: 0, items: [] };
    const state = madeUpRun(10).state;
    for (let index = 10; index < 30; index += 1) {
      const verdict = `${index} MB/s`;
      const message = {
        type: 'append',
        samples: madeUpSamples(index, 1),
        iterations: tail,
        steps: tail,
        state: { ...state, verdict },
      };
      await chart.send(message);
    }
    const spoken = () => chart.page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
    assert.ok((await spoken()).length <= 2, `read out: ${await spoken()}`);
    const done = { ...state, status: 'completed', verdict: 'Done.' };
    await chart.send({
      type: 'append',
      samples: emptyChartSamples(),
      iterations: tail,
      steps: tail,
      state: done,
    });
    assert.equal((await spoken()).at(-1), 'Done.', 'the end is told at once');
  });

  test('shows the last passes of thousands, and all on request', async () => {
    await using chart = await driver.show(madeUpRun(6000));
    assert.equal(await chart.page.locator('tbody tr').count(), 200);
    assert.match(await chart.text('tbody tr:last-child > th'), /^2999$/);
    await chart.page.getByRole('button', { name: /Show all 2,999 passes/ }).click();
    assert.equal(await chart.page.locator('tbody tr').count(), 2999);
    assert.match(await chart.text('tbody tr:first-child > th'), /^1$/);
  });

  test('comes back as it was after a reload', async () => {
    await using chart = await driver.show(recordedView('undeclared'), { height: 500 });
    await chart.page.getByRole('button', { name: 'Show whole range' }).click();
    await chart.page.evaluate(() => window.scrollTo(0, 300));
    await chart.page.waitForFunction(() => {
      const { saved } = window as unknown as { saved?: { scrollTop?: number } };
      return saved?.scrollTop === 300;
    });
    const saved = await chart.saved();
    assert.deepEqual(saved, {
      restore: 'run-1',
      unit: 'MiB/s',
      scrollTop: 300,
      wholeRange: true,
      hidden: [],
    });
    await using again = await driver.show(recordedView('undeclared'), { height: 500, saved });
    assert.equal(await again.page.evaluate(() => window.scrollY), 300);
    await again.page.getByRole('button', { name: 'Zoom to threshold' }).waitFor();
  });

  test('makes a picture of itself', async () => {
    await using chart = await driver.show(recordedView('declared'), { theme: 'light' });
    await chart.send({ type: 'capture', id: 7 });
    const { id, png, error } = await chart.waitForPosted('captured');
    assert.equal(error, undefined);
    assert.equal(id, 7);
    const bytes = Buffer.from(png?.replace(/^data:image\/png;base64,/, '') ?? '', 'base64');
    assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    assert.ok(width > 900 && height > 500, `${width} × ${height}`);
  });

  test('ignores what it does not know', async () => {
    await using chart = await driver.show(recordedView('declared'));
    for (const message of [null, 'x', { type: 'show' }, { type: 'append', samples: {} }, { type: 'later' }]) {
      await chart.send(message);
    }
    assert.equal(
      await chart.page.getByRole('heading', { level: 1 }).textContent(),
      recordedView('declared').title,
    );
    assert.deepEqual(chart.complaints, []);
    assert.equal((await chart.posted()).length, 1);
  });
});
