/** A limit or a measured point this many times above the data would squash it: it is named at the top edge instead. */
const FARTHEST_LIMIT = 4;
/** Room above the highest line for its label, and more for each name at the top edge. */
const HEADROOM = 1.18;
const EDGE_ROOM = 0.12;

/**
 * The top of a y axis that starts at 0, so that `measured` (the largest value drawn as a line) fills it and those of
 * `limits` that lie near enough are seen too. Without anything measured the smallest limit gives the scale.
 */
export function scaleTop(measured: number, limits: number[]): number {
  const known = limits.filter((limit) => limit > 0);
  const base = measured > 0 ? measured : Math.min(...known);
  if (!Number.isFinite(base)) return 1;
  const near = known.filter((limit) => limit <= base * FARTHEST_LIMIT);
  return Math.max(base, ...near) * (HEADROOM + EDGE_ROOM * (known.length - near.length));
}

/** How many times the threshold the plot of remaining bytes shows, while nothing higher matters any more. */
const THRESHOLD_ZOOM = 3;

/**
 * What the plot of remaining bytes has to show: the whole of it, or the part near the thresholds that decides about the
 * switchover. The first pass alone goes over the whole memory and would flatten all that follows.
 *
 * @param whole largest remaining bytes
 * @param later largest remaining bytes after the first pass, 0 when there is none yet
 */
export function remainingFocus(whole: number, later: number, thresholds: number[]): number {
  const decisive = thresholds.filter((threshold) => threshold > 0 && threshold < whole);
  if (later === 0 || decisive.length === 0) return whole;
  return Math.min(whole, Math.max(later, THRESHOLD_ZOOM * Math.max(...decisive)));
}
