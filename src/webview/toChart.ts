import {
  BANDWIDTH_UNITS,
  type BandwidthStep,
  type ChartIteration,
  type ChartMark,
  type ChartSamples,
  type ChartState,
  type ChartView,
  type Tail,
  type ToChart,
} from '../shared/chartMessages.ts';

type Fields<T> = { [K in keyof T]-?: (value: unknown) => boolean };

const isText = (value: unknown): boolean => typeof value === 'string';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isUnit = (value: unknown): boolean => BANDWIDTH_UNITS.some((unit) => unit === value);
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);
const isMeasurement = (value: unknown): boolean =>
  value === undefined || value === 'stop-to-resume' || value === 'reported-downtime';

function optional(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || check(value);
}

function listOf(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(check);
}

/** Fields that the page does not know are let pass: a newer extension may send more. */
function shape<T>(fields: Fields<T>): (value: unknown) => value is T {
  const checks: [string, (value: unknown) => boolean][] = Object.entries(fields);
  return (value): value is T =>
    typeof value === 'object' &&
    value !== null &&
    checks.every(([name, check]) => check((value as Record<string, unknown>)[name]));
}

const column = listOf(isNumberOrNull);

const hasSampleColumns = shape<ChartSamples>({
  t: listOf(isNumber),
  estimatedBandwidth: column,
  declaredBandwidth: column,
  maxBandwidth: column,
  remaining: column,
  thresholdByEstimate: column,
  thresholdByDeclared: column,
});

function isSamples(value: unknown): boolean {
  if (!hasSampleColumns(value)) return false;
  const rows = value.t.length;
  return Object.values(value).every((values) => !Array.isArray(values) || values.length === rows);
}

const isIteration = shape<ChartIteration>({
  pass: isNumber,
  start: isNumber,
  end: isNumber,
  bytes: optional(isNumber),
  bandwidth: optional(isNumber),
  dirtyRate: optional(isNumber),
  remaining: optional(isNumber),
  percentOfDeclared: optional(isNumber),
});

const isStep = shape<BandwidthStep>({
  start: isNumber,
  end: isNumber,
  bandwidth: isNumber,
  firstPass: isNumber,
  lastPass: isNumber,
});

const isState = shape<ChartState>({
  status: isText,
  live: isFlag,
  canCancel: isFlag,
  verdict: isText,
  facts: listOf(shape<ChartState['facts'][number]>({ label: isText, value: isText })),
  marks: listOf(shape<ChartMark>({ t: isNumber, text: isText })),
  switchover: optional(
    shape<NonNullable<ChartState['switchover']>>({
      start: optional(isNumber),
      end: optional(isNumber),
      bandwidth: optional(isNumber),
      measuredBy: isMeasurement,
    }),
  ),
});

const isView = shape<ChartView>({
  title: isText,
  startedAt: isText,
  samples: isSamples,
  iterations: listOf(isIteration),
  steps: listOf(isStep),
  state: isState,
});

function tailOf<T>(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return shape<Tail<T>>({ from: isIndex, items: listOf(check) });
}

type Message<K extends ToChart['type']> = Extract<ToChart, { type: K }>;

const messages: { [K in ToChart['type']]: (value: unknown) => value is Message<K> } = {
  show: shape<Message<'show'>>({ type: isText, view: isView, unit: isUnit, restore: optional(isText) }),
  append: shape<Message<'append'>>({
    type: isText,
    samples: isSamples,
    iterations: tailOf<ChartIteration>(isIteration),
    steps: tailOf<BandwidthStep>(isStep),
    state: isState,
  }),
  capture: shape<Message<'capture'>>({ type: isText, id: isNumber }),
};

/** The message of the contract that `value` is, or undefined. */
export function toChartMessage(value: unknown): ToChart | undefined {
  if (messages.show(value)) return value.type === 'show' ? value : undefined;
  if (messages.append(value)) return value.type === 'append' ? value : undefined;
  if (messages.capture(value)) return value.type === 'capture' ? value : undefined;
  return undefined;
}
