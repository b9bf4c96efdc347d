/**
 * The contract between the extension and the chart's page. Everything the page draws was computed by
 * `src/migration/chartView.ts` from a run record: the page holds no formula of QEMU.
 * Times are ms since the run's start, sizes bytes, rates bytes per second. `null` in a column: not known.
 */

/** Columns of equal length; one row per sample. */
export interface ChartSamples {
  t: number[];
  estimatedBandwidth: (number | null)[];
  declaredBandwidth: (number | null)[];
  maxBandwidth: (number | null)[];
  remaining: (number | null)[];
  /** Switchover threshold by QEMU's estimate. */
  thresholdByEstimate: (number | null)[];
  /** Switchover threshold by the declared bandwidth. */
  thresholdByDeclared: (number | null)[];
}

/** Columns of no rows, to begin with. */
export function emptyChartSamples(): ChartSamples {
  return {
    t: [],
    estimatedBandwidth: [],
    declaredBandwidth: [],
    maxBandwidth: [],
    remaining: [],
    thresholdByEstimate: [],
    thresholdByDeclared: [],
  };
}

/** A row of the table of iterations. */
export interface ChartIteration {
  pass: number;
  start: number;
  end: number;
  bytes?: number;
  bandwidth?: number;
  dirtyRate?: number;
  remaining?: number;
  /** Per cent of the bandwidth declared at that time; absent when nothing was declared. */
  percentOfDeclared?: number;
}

/** A horizontal step of the average bandwidth. Short passes are pooled until they are long enough to mean something. */
export interface BandwidthStep {
  start: number;
  end: number;
  bandwidth: number;
  firstPass: number;
  lastPass: number;
}

export interface ChartSwitchover {
  /** STOP on the source; absent when not seen. */
  start?: number;
  /** RESUME on the destination; absent when not seen. */
  end?: number;
  bandwidth?: number;
  measuredBy?: 'stop-to-resume' | 'reported-downtime';
}

/** A moment worth a mark on the time axis, such as a change of a parameter in mid-migration. */
export interface ChartMark {
  t: number;
  text: string;
}

/** What is told beside the plots. */
export interface ChartState {
  /** Status in QEMU's words: "active", "completed", … */
  status: string;
  /** True while the migration runs. */
  live: boolean;
  /** True while it can be cancelled from here. */
  canCancel: boolean;
  /** The reason in plain words with the numbers. */
  verdict: string;
  /** Label and value pairs for the head of the panel, e.g. "Downtime" "58 ms". */
  facts: { label: string; value: string }[];
  marks: ChartMark[];
  switchover?: ChartSwitchover;
}

/** The last items of a list: those before `from` stay as they are. */
export interface Tail<T> {
  from: number;
  items: T[];
}

export interface ChartView {
  /** e.g. "source → destination" */
  title: string;
  startedAt: string;
  samples: ChartSamples;
  iterations: ChartIteration[];
  steps: BandwidthStep[];
  state: ChartState;
}

export const BANDWIDTH_UNITS = ['MiB/s', 'Mbit/s'] as const;
export type BandwidthUnit = (typeof BANDWIDTH_UNITS)[number];

export const EXPORT_FORMATS = ['csv', 'json', 'png', 'markdown'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ToChart =
  /**
   * The whole state. The page keeps `restore` in its saved state, so that the extension finds the run again in
   * `deserializeWebviewPanel(panel, state)` as `state.restore`; what it means is the extension's business.
   */
  | { type: 'show'; view: ChartView; unit: BandwidthUnit; restore?: string }
  | {
      type: 'append';
      samples: ChartSamples;
      iterations: Tail<ChartIteration>;
      steps: Tail<BandwidthStep>;
      state: ChartState;
    }
  /** Asks for a picture of the panel's plots; answered by `captured`. */
  | { type: 'capture'; id: number };

export type FromChart =
  /** Asks for `show`: after loading, and again when an `append` did not fit what the page has. */
  | { type: 'ready' }
  | { type: 'cancel' }
  | { type: 'export'; format: ExportFormat }
  | { type: 'unit'; unit: BandwidthUnit }
  /** `png` is a data URL; `error` says why there is none. */
  | { type: 'captured'; id: number; png?: string; error?: string };

/** Whether `value`, received from the page, is a message of the contract. */
export function isFromChart(value: unknown): value is FromChart {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const message = value as Record<string, unknown>;
  switch (message['type']) {
    case 'ready':
    case 'cancel':
      return true;
    case 'export':
      return EXPORT_FORMATS.some((format) => format === message['format']);
    case 'unit':
      return BANDWIDTH_UNITS.some((unit) => unit === message['unit']);
    case 'captured':
      return (
        typeof message['id'] === 'number' &&
        isOptionalText(message['png']) &&
        isOptionalText(message['error'])
      );
    default:
      return false;
  }
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
