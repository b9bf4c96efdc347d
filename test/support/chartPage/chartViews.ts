import { readFileSync } from 'node:fs';
import { type ChartSamples, type ChartView, emptyChartSamples } from '../../../src/shared/chartMessages.ts';

export type RecordedRun = 'undeclared' | 'declared' | 'changed';

/**
 * A run recorded from QEMU 10.0 (512 MiB guest that keeps 16 MiB dirty, max-bandwidth 32 MiB/s, downtime-limit 300 ms):
 * nothing declared and cancelled; 100 MiB/s declared; 100 MiB/s declared in mid-run.
 */
export function recordedView(run: RecordedRun): ChartView {
  const file = new URL(`./recorded/${run}.view.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ChartView;
}

/** A run of which nothing is known yet. */
export function emptyRun(): ChartView {
  return {
    title: 'test-source → test-destination',
    startedAt: '2025-01-01T00:00:00.000Z',
    samples: emptyChartSamples(),
    iterations: [],
    steps: [],
    state: {
      status: 'setup',
      live: true,
      canCancel: true,
      verdict: 'No sample yet.',
      facts: [{ label: 'Status', value: 'setup' }],
      marks: [],
    },
  };
}

/** Made-up samples at 10 Hz, from sample number `from` on: a guest that is never done, passes of 200 ms. */
export function madeUpSamples(from: number, count: number): ChartSamples {
  const samples = emptyChartSamples();
  for (let index = from; index < from + count; index += 1) {
    const bandwidth = 34e6 + 3e6 * Math.sin(index / 7) + 1e6 * Math.sin(index * 1.7);
    samples.t.push(index * 100);
    samples.estimatedBandwidth.push(bandwidth);
    samples.declaredBandwidth.push(104_857_600);
    samples.maxBandwidth.push(33_554_432);
    samples.remaining.push(index < 50 ? 500e6 - index * 9e6 : 12e6 + 5e6 * Math.abs(Math.sin(index / 3)));
    samples.thresholdByEstimate.push(Math.floor(bandwidth / 1000) * 300);
    samples.thresholdByDeclared.push(31_457_100);
  }
  return samples;
}

/** A made-up run of `count` samples with a pass every 200 ms, pooled by threes. */
export function madeUpRun(count: number): ChartView {
  const view = emptyRun();
  view.samples = madeUpSamples(0, count);
  for (let pass = 1; pass * 200 < count * 100; pass += 1) {
    const start = (pass - 1) * 200;
    view.iterations.push({
      pass,
      start,
      end: start + 200,
      bytes: 6.7e6,
      bandwidth: 33.5e6,
      dirtyRate: 34e6,
      remaining: 16.8e6,
    });
    if (pass % 3 === 0) {
      view.steps.push({
        start: start - 400,
        end: start + 200,
        bandwidth: 33e6 + (pass % 7) * 4e5,
        firstPass: pass - 2,
        lastPass: pass,
      });
    }
  }
  view.state = { ...view.state, status: 'active', verdict: 'Made-up data.' };
  return view;
}
