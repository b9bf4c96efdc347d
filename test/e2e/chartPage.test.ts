import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inkOf } from '../support/chartPage/canvasInk.ts';
import { ChartPageDriver } from '../support/chartPage/chartPageDriver.ts';
import { emptyRun, madeUpRun, recordedView } from '../support/chartPage/chartViews.ts';
import { THEMES, type ThemeName } from '../support/chartPage/themes.ts';

const THEME_NAMES = Object.keys(THEMES) as ThemeName[];

describe('what the chart page shows', () => {
  let driver: ChartPageDriver;
  before(async () => {
    driver = await ChartPageDriver.start();
  });
  after(async () => {
    await driver[Symbol.asyncDispose]();
  });

  test('tells a run to a screen reader', async () => {
    const view = recordedView('declared');
    await using chart = await driver.show(view);
    const { page } = chart;
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), view.title);
    assert.equal(await page.getByRole('status').textContent(), view.state.verdict);
    const table = page.getByRole('table', { name: 'Iterations' });
    assert.equal(await table.locator('thead th[scope=col]').count(), 8);
    assert.equal(await table.locator('tbody tr').count(), view.iterations.length);
    assert.match(
      await chart.text('tbody tr:first-child > *'),
      /^1 0\.01 s 2\.51 s 81\.5 MiB 32\.5 MiB\/s 32 % 6\.37 MiB\/s 16\.2 MiB$/,
    );
    assert.equal(await page.getByRole('img').count(), 2);
    assert.match(await chart.description('bandwidth'), /declared 100 MiB\/s; switchover at 848 MiB\/s/);
    assert.match(
      await chart.description('remaining'),
      /threshold by the declared value 30\.0 MiB; seen below/,
    );
    for (const { label: name, value } of view.state.facts) {
      assert.equal(await chart.text(`.facts div:has(dt:text-is("${name}")) dd`), value);
    }
    assert.deepEqual(chart.complaints, []);
  });

  test('draws nothing for a run without samples', async () => {
    await using chart = await driver.show(emptyRun());
    assert.equal(await chart.page.getByText('No sample yet', { exact: true }).count(), 2);
    assert.match(await chart.description('bandwidth'), /No sample yet/);
    for (const color of ['charts-blue', 'charts-green', 'charts-yellow']) {
      assert.equal((await inkOf(chart.page, 'bandwidth', color)).pixels, 0, color);
    }
    await chart.send({ type: 'show', view: madeUpRun(1), unit: 'MiB/s' });
    const dot = await inkOf(chart.page, 'bandwidth', 'charts-blue');
    assert.ok(
      dot.pixels > 5 && dot.right - dot.left < 0.02,
      `one sample is a dot, not ${JSON.stringify(dot)}`,
    );
  });

  test('leaves a gap where nothing was measured', async () => {
    const view = madeUpRun(100);
    view.steps = [];
    view.samples.estimatedBandwidth.fill(null, 40, 60);
    await using chart = await driver.show(view);
    const { slices } = await inkOf(chart.page, 'bandwidth', 'charts-blue');
    assert.ok(
      slices.some((slice) => slice < 35) && slices.some((slice) => slice > 70),
      'there is a line on both sides',
    );
    assert.ok(!slices.some((slice) => slice > 45 && slice < 58), `and none between, not ${slices}`);
  });

  test('does not let an enormous declared value squash what was measured', async () => {
    const view = recordedView('declared');
    view.samples.declaredBandwidth.fill(2 ** 64);
    view.samples.thresholdByDeclared.fill((2 ** 64 / 1000) * 300);
    await using chart = await driver.show(view);
    const average = await inkOf(chart.page, 'bandwidth', 'charts-green');
    assert.ok(average.top < 0.4, `the average stays in the upper part, not at ${average.top}`);
    const declared = await inkOf(chart.page, 'bandwidth', 'charts-yellow');
    assert.ok(declared.pixels > 20 && declared.bottom < 0.2, 'the declared value is named at the upper edge');
    assert.match(await chart.text('.figure.bandwidth .legend'), /17,592,186,044,416 MiB\/s/);
  });

  test('marks the switchover and a change in mid-run', async () => {
    await using chart = await driver.show(recordedView('changed'));
    const { pixels, left } = await inkOf(chart.page, 'bandwidth', 'charts-purple');
    assert.ok(pixels > 20 && left > 0.5, 'the switchover is marked at the end of the run');
    assert.match(
      await chart.description('bandwidth'),
      /at 8\.\d\d s avail-switchover-bandwidth 0 → 104857600/,
    );
  });

  for (const theme of THEME_NAMES) {
    test(`follows the theme: ${THEMES[theme].label}`, async () => {
      await using chart = await driver.show(recordedView('declared'), {
        theme: theme === 'dark' ? 'light' : 'dark',
      });
      await chart.setTheme(theme);
      for (const color of ['charts-blue', 'charts-green', 'charts-yellow', 'charts-purple']) {
        const { pixels } = await inkOf(chart.page, 'bandwidth', color);
        assert.ok(pixels > 20, `${color} of ${theme} is on the canvas (${pixels} pixels)`);
      }
      assert.equal(await chart.page.locator('canvas').count(), 2, 'the old plots are gone');
    });

    test(`fits 400 px in ${THEMES[theme].label}`, async () => {
      await using chart = await driver.show(recordedView('undeclared'), { theme, width: 400 });
      const overflow = await chart.page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
      const canvas = await chart.page.locator('canvas').first().boundingBox();
      assert.ok(canvas && canvas.width > 350 && canvas.width <= 400, `the plot is ${canvas?.width} px wide`);
    });
  }

  test('follows the width of the panel', async () => {
    await using chart = await driver.show(recordedView('undeclared'));
    await chart.page.setViewportSize({ width: 500, height: 900 });
    await chart.page.waitForFunction(() => (document.querySelector('canvas')?.clientWidth ?? 0) < 500);
    const overflow = await chart.page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });
});
