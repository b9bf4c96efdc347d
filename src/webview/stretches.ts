/** A stretch of time, in ms since the run's start, during which a value stayed the same. */
export interface Stretch<T> {
  start: number;
  end: number;
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
