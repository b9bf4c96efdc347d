import type { ChartView } from '../shared/chartMessages.ts';

/** What is shown until the extension has told the run. */
export function emptyView(): ChartView {
  return {
    title: '',
    startedAt: '',
    samples: {
      t: [],
      estimatedBandwidth: [],
      declaredBandwidth: [],
      maxBandwidth: [],
      remaining: [],
      thresholdByEstimate: [],
      thresholdByDeclared: [],
    },
    iterations: [],
    steps: [],
    state: { status: '', live: false, canCancel: false, verdict: '', facts: [], marks: [] },
  };
}
