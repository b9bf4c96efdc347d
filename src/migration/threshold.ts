import type { ExactInteger } from '../shared/json.ts';

/** QEMU's window is never shorter (BUFFER_DELAY in migration.c). */
const shortestWindowMs = 100;
/** A stalled connection stretches a window; longer ones than this are not looked for. */
const longestWindowMs = 60_000;

/**
 * The switchover threshold in bytes that QEMU computes from a declared bandwidth: floor(declared / 1000) × downtime-limit,
 * with its double arithmetic (QEMU holds the bytes per millisecond in a double).
 *
 * @returns undefined beyond 2^64−1, where the C language leaves the result open (seen on x86-64: 0)
 */
export function declaredThreshold(
  declaredBandwidth: ExactInteger,
  downtimeLimitMs: ExactInteger,
): ExactInteger | undefined {
  const bytesPerMs = Number(BigInt(declaredBandwidth) / 1000n);
  return toUint64(bytesPerMs * Number(downtimeLimitMs));
}

/**
 * The switchover threshold in bytes that QEMU computes from its own estimate, from the `mbps` that it reports.
 *
 * QEMU multiplies `(double)transferred / time_spent` by the downtime limit and drops the fraction, but reports only
 * `mbps`. Working back from `mbps` alone is off by one often, so the window (bytes and milliseconds) is found again
 * that gives exactly this `mbps`, and QEMU's own operations are repeated on it.
 */
export function estimatedThreshold(mbps: number, downtimeLimitMs: ExactInteger): ExactInteger | undefined {
  const window = findWindow(mbps);
  const bytesPerMs = window ? window.bytes / window.ms : mbps * 125;
  return toUint64(bytesPerMs * Number(downtimeLimitMs));
}

/** The bandwidth in bytes per second that must be declared at least for a threshold above `bytes`. */
export function bandwidthForThreshold(bytes: number, downtimeLimitMs: number): number {
  return (Math.floor(bytes / downtimeLimitMs) + 1) * 1000;
}

/**
 * The window that QEMU computed `mbps` from. Two windows with the same `mbps` have the same bytes per millisecond, so
 * the first one found is as good as any.
 */
function findWindow(mbps: number): { bytes: number; ms: number } | undefined {
  if (!Number.isFinite(mbps) || mbps <= 0) return undefined;
  for (let ms = shortestWindowMs; ms <= longestWindowMs; ms++) {
    const bytes = Math.round(mbps * 125 * ms);
    if (!Number.isSafeInteger(bytes)) return undefined;
    if ((bytes * 8) / (ms / 1000) / 1000 / 1000 === mbps) return { bytes, ms };
  }
  return undefined;
}

function toUint64(value: number): ExactInteger | undefined {
  if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) return undefined;
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}
