const mebibyte = 1024 * 1024;

/**
 * A guest and a migration chosen so that declaring the bandwidth decides about the outcome.
 *
 * The guest goes through its 16 MiB eight times a second, so that after a pass of any length all of them are
 * dirty again, even when the host gives it a fraction of its time. Capped at 32 MiB/s QEMU estimates at most
 * 33.6 MB/s, which allows 10.1 MB at a downtime limit of 300 ms: it never switches over. 100 MiB/s declared
 * allow 31.5 MB: it does at once.
 */
export const labDefaults = {
  workingSetBytes: 16 * mebibyte,
  dirtyBytesPerSecond: 128 * mebibyte,
  memoryMiB: 512,
  /** For `max-bandwidth`, bytes per second. */
  maxBandwidth: 32 * mebibyte,
  /** For `avail-switchover-bandwidth`, bytes per second. */
  declaredBandwidth: 100 * mebibyte,
  /** For `downtime-limit`; also QEMU's default. */
  downtimeLimitMs: 300,
} as const;
