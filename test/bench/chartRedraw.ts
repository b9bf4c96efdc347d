import type { ToChart } from '../../src/shared/chartMessages.ts';
import { ChartPageDriver } from '../support/chartPage/chartPageDriver.ts';
import { madeUpRun } from '../support/chartPage/chartViews.ts';

/** An hour at 10 Hz. */
const SAMPLES = 36_000;
const ROUNDS = 60;
/** The first rounds compile the code. */
const WARM_UP = 10;

export interface ChartRedraw {
  samples: number;
  /** Median over the rounds, ms. */
  medianMs: number;
  /** 90th percentile, ms. */
  p90Ms: number;
}

/**
 * Measures a redraw of the chart page in headless Chromium after an append to 36 000 samples. What counts is the page's
 * own time on its only thread: taking the message (checks, model) and the animation frame's callback, which draws
 * both plots with uPlot at once and updates legend, head and table. The browser's layout and compositing afterwards
 * are not part of it.
 */
export async function measureChartRedraw(): Promise<ChartRedraw> {
  await using driver = await ChartPageDriver.start();
  const view = madeUpRun(SAMPLES);
  await using chart = await driver.show(view);
  const next = madeUpRun(SAMPLES + ROUNDS);
  const appends = Array.from({ length: ROUNDS }, (_, round): ToChart => {
    const row = SAMPLES + round;
    const samples = Object.fromEntries(
      Object.entries(next.samples).map(([name, column]) => [name, [column[row]]]),
    );
    const from = next.iterations.findIndex(({ end }) => end >= row * 100);
    return {
      type: 'append',
      samples: samples as unknown as typeof next.samples,
      iterations: {
        from: view.iterations.length,
        items: next.iterations.slice(view.iterations.length, from + 1),
      },
      steps: { from: view.steps.length, items: next.steps.slice(view.steps.length, view.steps.length + 1) },
      state: { ...next.state, verdict: `Made-up data, round ${round}.` },
    };
  });
  const times = await chart.page.evaluate(measureInPage, appends);
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { samples: SAMPLES, medianMs: at(0.5), p90Ms: at(0.9) };
}

/** Runs in the page. */
async function measureInPage(appends: ToChart[]): Promise<number[]> {
  const times: number[] = [];
  const requestFrame = window.requestAnimationFrame.bind(window);
  for (const data of appends) {
    let drawing = 0;
    let drawn: () => void = () => {};
    const isDrawn = new Promise<void>((resolve) => {
      drawn = resolve;
    });
    window.requestAnimationFrame = (callback) =>
      requestFrame((now) => {
        const start = performance.now();
        callback(now);
        drawing += performance.now() - start;
        drawn();
      });
    const start = performance.now();
    window.dispatchEvent(new MessageEvent('message', { data }));
    const taking = performance.now() - start;
    await isDrawn;
    times.push(taking + drawing);
  }
  window.requestAnimationFrame = requestFrame;
  return times;
}
