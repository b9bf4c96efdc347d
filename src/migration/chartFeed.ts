import type { BandwidthStep, ChartView, ToChart } from '../shared/chartMessages.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { type ChartOptions, chartIterations, chartSamples, chartState, chartView } from './chartView.ts';
import { bandwidthSteps } from './iterations.ts';
import { ParameterTimeline } from './parameterTimeline.ts';

/** Feeds a page with a growing record: the whole of it once, then only what is new. */
export class ChartFeed {
  private readonly record: RunRecord;
  private sampleCount = 0;
  /** Rows of passes that have ended: these never change any more. */
  private iterationCount = 0;
  private steps: BandwidthStep[] = [];

  constructor(record: RunRecord) {
    this.record = record;
  }

  /** The whole view; `append` goes on from here. */
  show(options: ChartOptions): ChartView {
    const view = chartView(this.record, options);
    this.remember(view.steps);
    return view;
  }

  /** What has come since the last call of `show` or `append`. */
  append(options: ChartOptions): Extract<ToChart, { type: 'append' }> {
    const { record } = this;
    const steps = bandwidthSteps(record);
    const firstStep = firstDifference(this.steps, steps);
    const from = this.iterationCount;
    const message: Extract<ToChart, { type: 'append' }> = {
      type: 'append',
      samples: chartSamples(record, this.sampleCount),
      iterations: { from, items: chartIterations(record, from, new ParameterTimeline(record)) },
      steps: { from: firstStep, items: steps.slice(firstStep) },
      state: chartState(record, options),
    };
    this.remember(steps);
    return message;
  }

  private remember(steps: BandwidthStep[]): void {
    this.sampleCount = this.record.samples.length;
    this.iterationCount = this.record.iterations.length;
    this.steps = steps;
  }
}

/** Only the last step may have grown: pooling never touches the ones before. */
function firstDifference(before: readonly BandwidthStep[], after: readonly BandwidthStep[]): number {
  const last = before.length - 1;
  return before[last]?.end === after[last]?.end ? before.length : Math.max(0, last);
}
