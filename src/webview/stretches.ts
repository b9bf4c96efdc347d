/** A span of time, in ms since the run's start. */
export interface Span {
  start: number;
  end: number;
}

/** A span during which a value stayed the same. */
export interface Stretch<T> extends Span {
  value: T;
}

/**
 * Takes one more value of a column into `stretches`. A change begins a new stretch where the old one ends;
 * `null` (not known) leaves a gap.
 */
export function extendStretches<T>(
  stretches: Stretch<T>[],
  previousT: number | undefined,
  t: number,
  value: T | null,
): void {
  const last = stretches.at(-1);
  const isOpen = last !== undefined && last.end === previousT;
  if (isOpen && last.value === value) last.end = t;
  else if (value !== null) {
    if (isOpen) last.end = t;
    stretches.push({ start: t, end: t, value });
  }
}

export interface Envelope extends Span {
  low: number;
  high: number;
}

/**
 * Gathers neighbours until they are at least `ms` long, so that a picture draws no more of them than it has room for.
 * A stretch that is long enough stays alone, and none is joined across a gap as long as that.
 */
export function envelopes(stretches: readonly Stretch<number>[], ms: number): Envelope[] {
  const gathered: Envelope[] = [];
  for (const { start, end, value } of stretches) {
    const last = gathered.at(-1);
    if (last && last.end - last.start < ms && end - start < ms && start - last.end < ms) {
      last.end = end;
      last.low = Math.min(last.low, value);
      last.high = Math.max(last.high, value);
    } else {
      gathered.push({ start, end, low: value, high: value });
    }
  }
  return gathered;
}

/** Joins spans that lie less than `ms` apart. */
export function joinNear(spans: readonly Span[], ms: number): Span[] {
  const joined: Span[] = [];
  for (const { start, end } of spans) {
    const last = joined.at(-1);
    if (last && start - last.end < ms) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}
