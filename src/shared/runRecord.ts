import type { ExactInteger, JsonObject } from './json.ts';

/**
 * The record of one migration: the only thing that chart, table, report, comparison and export read.
 * Times are milliseconds since `startedAt`, sizes bytes, rates bytes per second.
 * A field that is not known is absent, never 0.
 */
export interface RunRecord {
  format: 'qmp-migration-run';
  version: 1;
  vm: RunVm;
  /** Migration URI of the destination; absent when a watched migration does not tell it. */
  destination?: string;
  /** Name of the destination VM, where it was known. */
  destinationVm?: string;
  /** ISO 8601 with milliseconds. */
  startedAt: string;
  via: 'qmp' | 'libvirt' | 'watched';
  /** How the ends of the passes were found: "polling" is less exact and misses short passes. */
  passesFrom?: 'events' | 'polling';
  /** `avail-switchover-bandwidth` at the start, 0 = not declared; absent when QEMU does not have it (before 8.2). */
  declaredBandwidth?: ExactInteger;
  maxBandwidth?: ExactInteger;
  downtimeLimitMs?: ExactInteger;
  /** The reply of query-migrate-parameters at the start. */
  parameters: JsonObject;
  /** Names of the capabilities that are on. */
  capabilities: string[];
  samples: Sample[];
  iterations: Iteration[];
  changes: ParameterChange[];
  result?: RunResult;
  [unknown: string]: unknown;
}

export interface RunVm {
  name: string;
  address: string;
  /** Version of QEMU, e.g. "10.0.2". */
  qemu: string;
}

/** One reply of query-migrate. */
export interface Sample {
  t: number;
  status: string;
  pass?: number;
  transferred?: number;
  remaining?: number;
  total?: number;
  /** Bytes per second (dirty-pages-rate × page-size). */
  dirtyRate?: number;
  /** QEMU's own estimate: `mbps` × 125 000. */
  estimatedBandwidth?: number;
  /** What QEMU compares the pending bytes with at that moment. */
  threshold?: ExactInteger;
}

/** One pass: from one MIGRATION_PASS event to the next. */
export interface Iteration {
  pass: number;
  start: number;
  end: number;
  /** Bytes sent during the pass. */
  bytes?: number;
  bandwidth?: number;
  dirtyRate?: number;
  /** Bytes left to send at the end of the pass, counted by the sync that ended it. */
  remaining?: number;
}

export interface ParameterChange {
  t: number;
  parameter: string;
  from?: ExactInteger | string | boolean | null;
  to: ExactInteger | string | boolean | null;
}

export interface RunResult {
  /** "completed", "failed", "cancelled", or "lost" when the VM went away before it told. */
  status: string;
  totalTimeMs?: number;
  /** QEMU's reported downtime. */
  downtimeMs?: number;
  setupTimeMs?: number;
  transferred?: number;
  /** Bytes sent while the guest stood still. */
  downtimeBytes?: number;
  /** The bandwidth really reached while the guest stood still. */
  switchoverBandwidth?: number;
  /** How `switchoverBandwidth` was measured. */
  switchoverMeasuredBy?: 'stop-to-resume' | 'reported-downtime';
  /** When the source's STOP and the destination's RESUME came. */
  switchoverStart?: number;
  switchoverEnd?: number;
  passes?: number;
  error?: string;
}
