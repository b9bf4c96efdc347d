import { type ExactInteger, isJsonObject, type JsonObject, type JsonValue } from '../shared/json.ts';
import type { Sample } from '../shared/runRecord.ts';
import { declaredThreshold, estimatedThreshold } from './threshold.ts';

/** What we use of a reply of query-migrate. A field that QEMU did not report, or not yet, is absent. */
export interface MigrationReport {
  /** In QEMU's words; "none" when there was no migration yet. */
  status: string;
  /** dirty-sync-count */
  pass?: number;
  transferred?: number;
  remaining?: number;
  total?: number;
  /** Bytes per second. */
  dirtyRate?: number;
  /** 10^6 bit/s in the last window; absent before the first one and, as it is another figure then, at the end. */
  mbps?: number;
  /** Average of the whole run, bytes per second; only of a completed run. */
  averageBandwidth?: number;
  totalTimeMs?: number;
  downtimeMs?: number;
  setupTimeMs?: number;
  downtimeBytes?: number;
  error?: string;
  blockedReasons?: string[];
  /** The whole reply, with all that is not named above. */
  reply: JsonObject;
}

/** The values that decide on the threshold at the moment of a sample. */
export interface ThresholdParameters {
  declaredBandwidth?: ExactInteger;
  downtimeLimitMs?: ExactInteger;
}

/** In migration_bitmap_sync. */
const dirtyRatePeriodMs = 1000;

const endStatuses: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** True from "setup" until the true end. A status of a later QEMU counts as running. */
export function isRunning(status: string): boolean {
  return status !== 'none' && !endStatuses.has(status);
}

/** True for the statuses that a migration never leaves. */
export function isEnd(status: string): boolean {
  return endStatuses.has(status);
}

/** True once the guest runs on the destination while memory still follows: from then on cancelling would lose the guest. */
export function isPostcopy(status: string): boolean {
  return status.startsWith('postcopy');
}

/** @throws TypeError when the reply is not an object */
export function readMigrationReport(reply: JsonValue): MigrationReport {
  if (!isJsonObject(reply)) throw new TypeError('query-migrate: the reply is not an object');
  const status = typeof reply['status'] === 'string' ? reply['status'] : 'none';
  const ram = isJsonObject(reply['ram']) ? reply['ram'] : {};
  const completed = status === 'completed';
  const mbps = positive(ram['mbps']);
  const pageSize = whole(ram['page-size']);
  // Before the first pass the count is 0; a completed run reports 0 dirty pages per second whatever the guest did.
  const pass = positive(whole(ram['dirty-sync-count']));
  const dirtyPages = completed ? undefined : whole(ram['dirty-pages-rate']);
  return {
    status,
    ...defined('pass', pass),
    ...defined('transferred', whole(ram['transferred'])),
    ...defined('remaining', whole(ram['remaining'])),
    ...defined('total', whole(ram['total'])),
    ...defined('dirtyRate', product(dirtyPages, pageSize)),
    ...defined('mbps', completed ? undefined : mbps),
    ...defined('averageBandwidth', completed ? product(mbps, 125_000) : undefined),
    ...defined('totalTimeMs', whole(reply['total-time'])),
    ...defined('downtimeMs', whole(reply['downtime'])),
    ...defined('setupTimeMs', whole(reply['setup-time'])),
    ...defined('downtimeBytes', whole(ram['downtime-bytes'])),
    ...defined('error', text(reply['error-desc'])),
    ...defined('blockedReasons', texts(reply['blocked-reasons'])),
    reply,
  };
}

/** @param t ms since the run's start */
export function toSample(t: number, report: MigrationReport, parameters: ThresholdParameters): Sample {
  const { status, pass, transferred, remaining, total, dirtyRate, mbps } = report;
  return {
    t,
    status,
    ...defined('pass', pass),
    ...defined('transferred', transferred),
    ...defined('remaining', remaining),
    ...defined('total', total),
    ...defined('dirtyRate', dirtyRate),
    ...defined('estimatedBandwidth', product(mbps, 125_000)),
    ...defined('threshold', thresholdOf(mbps, parameters)),
  };
}

/**
 * QEMU measures the dirty rate when a pass begins, at most once a second. Until a pass has ended after
 * the first second, a 0 means "not yet".
 */
export function withoutEarlyDirtyRate(sample: Sample, lastPassEnd: number): Sample {
  if (sample.dirtyRate !== 0 || lastPassEnd > dirtyRatePeriodMs) return sample;
  const { dirtyRate: _, ...rest } = sample;
  return rest;
}

/** QEMU sets its threshold at the end of a window, so there is none before the first `mbps`. */
function thresholdOf(mbps: number | undefined, parameters: ThresholdParameters): ExactInteger | undefined {
  const { declaredBandwidth, downtimeLimitMs } = parameters;
  if (mbps === undefined || downtimeLimitMs === undefined) return undefined;
  return declaredBandwidth
    ? declaredThreshold(declaredBandwidth, downtimeLimitMs)
    : estimatedThreshold(mbps, downtimeLimitMs);
}

/** A member, or none: `exactOptionalPropertyTypes` tells "absent" from "undefined". */
export function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** Beyond 2^53 a count of bytes is an underflow of QEMU's counters and nothing to show. */
function whole(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}

function positive(value: JsonValue | undefined): number | undefined {
  const known = whole(value);
  return known === 0 ? undefined : known;
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item) => typeof item === 'string');
}
