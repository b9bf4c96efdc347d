import { type ChartView, emptyChartSamples } from '../shared/chartMessages.ts';

/** What is shown until the extension has told the run. */
export function emptyView(): ChartView {
  return {
    title: '',
    startedAt: '',
    samples: emptyChartSamples(),
    iterations: [],
    steps: [],
    state: { status: '', live: false, canCancel: false, verdict: '', facts: [], marks: [] },
  };
}
