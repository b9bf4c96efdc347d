import { labDefaults } from '../../src/lab/labDefaults.ts';

/** What the demo does with the local VM pair. Bandwidths in bytes per second. */
export const PLAN = {
  declaredBandwidth: labDefaults.declaredBandwidth,
  maxBandwidth: labDefaults.maxBandwidth,
  downtimeLimitMs: labDefaults.downtimeLimitMs,
  /** So long the migration without a declared value is left to try. */
  cancelAfterMs: 15_000,
  /** "Pass after pass" means at least so many in that time. */
  fewestPassesUndeclared: 5,
  /** "Within a few passes" means at most so many. */
  mostPassesDeclared: 8,
} as const;
