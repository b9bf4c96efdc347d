import type { ExactInteger } from '../shared/json.ts';

/** In what a parameter counts. MB/s is QEMU's own, loose name for the unit of vcpu-dirty-limit. */
export type ParameterUnit = 'B/s' | 'B' | 'ms' | '%' | 'MB/s';

/** What the schema of QEMU does not tell about a parameter of migrate-set-parameters. */
export interface ParameterKnowledge {
  /** One or two sentences. */
  meaning: string;
  /** The version of QEMU that first had it. */
  since: string;
  unit?: ParameterUnit;
  /** The smallest and largest integer that QEMU accepts; both or none. */
  minimum?: ExactInteger;
  maximum?: ExactInteger;
  powerOfTwo?: true;
  /** Until it is set, in QEMU 10.0. */
  defaultValue?: ExactInteger | boolean | string;
  /** What 0 stands for, where it is more than the number. */
  zeroMeans?: string;
}

export const UINT64_MAX: bigint = 2n ** 64n - 1n;

/** QEMU reads these with its `size` and `uint64` visitors and checks nothing else. */
const anySize = { minimum: 0, maximum: UINT64_MAX } as const;

/**
 * Since: the documentation comments of qapi/migration.json (MigrationParameters). Ranges and defaults: measured on QEMU
 * 10.0, and held to it by a test; they are checked in migrate_params_check() of migration/options.c.
 */
const PARAMETERS: ReadonlyMap<string, ParameterKnowledge> = new Map(
  Object.entries({
    // Used as floor(value / 1000) bytes per millisecond: migration_update_counters() in migration/migration.c.
    'avail-switchover-bandwidth': {
      meaning:
        'The bandwidth that you declare to be available while the guest stands still. It throttles nothing: QEMU only ' +
        'uses it, instead of its own estimate, to decide when to switch over.',
      since: '8.2',
      unit: 'B/s',
      ...anySize,
      defaultValue: 0,
      zeroMeans: 'not declared: QEMU goes by its own estimate',
    },
    'max-bandwidth': {
      meaning:
        'The most that is sent per second while the guest runs, and so the most that QEMU can estimate. The cap is ' +
        'lifted during the switchover.',
      since: '2.8',
      unit: 'B/s',
      ...anySize,
      defaultValue: 128 * 2 ** 20,
      zeroMeans: 'no limit',
    },
    'max-postcopy-bandwidth': {
      meaning: 'The most that is sent per second in the background after the switch to postcopy.',
      since: '3.0',
      unit: 'B/s',
      ...anySize,
      defaultValue: 0,
      zeroMeans: 'no limit',
    },
    // MAX_MIGRATE_DOWNTIME is 2000 s.
    'downtime-limit': {
      meaning:
        'How long the guest may stand still. With the bandwidth it makes the threshold: QEMU switches over when what ' +
        'is left to send falls below bandwidth × downtime-limit. A target, not a promise.',
      since: '2.8',
      unit: 'ms',
      minimum: 0,
      maximum: 2_000_000,
      defaultValue: 300,
    },
    'throttle-trigger-threshold': {
      meaning:
        'Share of the bytes sent that a guest must dirty meanwhile before auto-converge slows it down.',
      since: '5.0',
      unit: '%',
      minimum: 1,
      maximum: 100,
      defaultValue: 50,
    },
    'cpu-throttle-initial': {
      meaning:
        'Share of time that auto-converge takes from the vCPUs in its first step. At most max-cpu-throttle.',
      since: '2.7',
      unit: '%',
      minimum: 1,
      maximum: 99,
      defaultValue: 20,
    },
    'cpu-throttle-increment': {
      meaning:
        'What auto-converge adds to the throttling while the guest still dirties faster than it is sent.',
      since: '2.7',
      unit: '%',
      minimum: 1,
      maximum: 99,
      defaultValue: 10,
    },
    'cpu-throttle-tailslow': {
      meaning: 'Lets auto-converge take smaller steps near the end, just enough to meet the dirty rate.',
      since: '5.1',
      defaultValue: false,
    },
    // Not below cpu-throttle-initial.
    'max-cpu-throttle': {
      meaning: 'The most that auto-converge takes from the vCPUs. Not less than cpu-throttle-initial.',
      since: '3.1',
      unit: '%',
      minimum: 1,
      maximum: 99,
      defaultValue: 99,
    },
    'vcpu-dirty-limit': {
      meaning: 'The dirty rate that each vCPU is held to while the capability dirty-limit is on.',
      since: '8.1',
      unit: 'MB/s',
      minimum: 1,
      maximum: UINT64_MAX,
      defaultValue: 1,
    },
    'x-vcpu-dirty-limit-period': {
      meaning: 'How often the dirty rate of a vCPU is measured while the capability dirty-limit is on.',
      since: '8.1',
      unit: 'ms',
      minimum: 1,
      maximum: 1000,
      defaultValue: 1000,
    },
    // uint8 in QAPI; one socket each.
    'multifd-channels': {
      meaning:
        'How many connections send pages side by side while the capability multifd is on. The same on both sides.',
      since: '4.0',
      minimum: 1,
      maximum: 255,
      defaultValue: 2,
    },
    'multifd-compression': {
      meaning: 'How multifd compresses pages. The same on both sides.',
      since: '5.0',
      defaultValue: 'none',
    },
    'multifd-zlib-level': {
      meaning: 'Effort of zlib compression in multifd: 1 is fast, 9 is small.',
      since: '5.0',
      minimum: 0,
      maximum: 9,
      defaultValue: 1,
      zeroMeans: 'no compression',
    },
    'multifd-zstd-level': {
      meaning: 'Effort of zstd compression in multifd: 1 is fast, 20 is small.',
      since: '5.0',
      minimum: 0,
      maximum: 20,
      defaultValue: 1,
      zeroMeans: 'the level that zstd itself prefers',
    },
    'multifd-qatzip-level': {
      meaning: 'Effort of compression on QuickAssist hardware in multifd: 1 is fast, 9 is small.',
      since: '9.2',
      minimum: 1,
      maximum: 9,
      defaultValue: 1,
    },
    // At least one page of the guest, whose size depends on the target: 4096 on x86, never less than 1024.
    'xbzrle-cache-size': {
      meaning:
        'Memory that keeps pages as they were sent, so that the capability xbzrle can send only what changed in them. ' +
        'A power of two, at least one page.',
      since: '2.11',
      unit: 'B',
      minimum: 1024,
      maximum: 2n ** 63n,
      powerOfTwo: true,
      defaultValue: 64 * 2 ** 20,
    },
    'announce-initial': {
      meaning: 'Delay before the destination first announces the guest to the network.',
      since: '4.0',
      unit: 'ms',
      minimum: 0,
      maximum: 100_000,
      defaultValue: 50,
    },
    'announce-max': {
      meaning: 'The longest delay between two announcements of the guest to the network.',
      since: '4.0',
      unit: 'ms',
      minimum: 0,
      maximum: 100_000,
      defaultValue: 550,
    },
    'announce-rounds': {
      meaning: 'How often the destination announces the guest to the network.',
      since: '4.0',
      minimum: 0,
      maximum: 1000,
      defaultValue: 5,
    },
    'announce-step': {
      meaning: 'How much longer each delay between two announcements is than the one before.',
      since: '4.0',
      unit: 'ms',
      minimum: 1,
      maximum: 10_000,
      defaultValue: 100,
    },
    // uint32 in QAPI.
    'x-checkpoint-delay': {
      meaning: 'Time between two COLO checkpoints.',
      since: '2.8',
      unit: 'ms',
      minimum: 0,
      maximum: 2 ** 32 - 1,
      defaultValue: 20_000,
    },
    'tls-creds': {
      meaning: 'The tls-creds object that secures the connection. Empty or null: no TLS.',
      since: '2.7',
      defaultValue: '',
    },
    'tls-hostname': {
      meaning: "The name that the destination's certificate must carry, when it is not the host of the URI.",
      since: '2.7',
      defaultValue: '',
    },
    'tls-authz': {
      meaning: 'The authz object that decides which client certificates the destination accepts.',
      since: '4.0',
      defaultValue: '',
    },
    'block-bitmap-mapping': {
      meaning: 'Names under which the dirty bitmaps of block nodes travel.',
      since: '5.2',
    },
    mode: {
      meaning: 'Live migration, or one of the ways to update QEMU or the host under a stopped guest.',
      since: '8.2',
      defaultValue: 'normal',
    },
    'zero-page-detection': {
      meaning:
        'Who looks for pages of zeros, which are not sent: the multifd threads, the main thread, or nobody.',
      since: '9.0',
      defaultValue: 'multifd',
    },
    'direct-io': {
      meaning: 'Bypasses the page cache when migrating to a file with the capability mapped-ram.',
      since: '9.1',
      defaultValue: false,
    },
  } satisfies Record<string, ParameterKnowledge>),
);

/** What is known of a parameter of migrate-set-parameters; undefined for one that is newer than this table. */
export function parameterKnowledge(name: string): ParameterKnowledge | undefined {
  return PARAMETERS.get(name);
}

export function knownParameterNames(): string[] {
  return [...PARAMETERS.keys()];
}
