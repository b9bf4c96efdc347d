import type { Iteration, RunRecord, Sample } from '../../../src/shared/runRecord.ts';
import { parameters } from './scriptedMonitor.ts';

/** A record as QEMU 10.0 makes it: 32 MiB/s allowed, about 16 MB dirty, 300 ms. */
export function sampleRun(values: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 'qmp-migration-run',
    version: 1,
    vm: { name: 'vm1', address: 'unix:/run/vm1.qmp', qemu: '10.0.2' },
    destination: 'unix:/tmp/m.sock',
    startedAt: '2024-05-06T07:08:09.010Z',
    via: 'qmp',
    passesFrom: 'events',
    declaredBandwidth: 0,
    maxBandwidth: 33_554_432,
    downtimeLimitMs: 300,
    parameters: parameters(),
    capabilities: ['events'],
    samples: [
      sample(100, 1),
      sample(1000, 1),
      sample(2100, 2),
      sample(2600, 3),
      sample(3100, 4),
      sample(3600, 5),
    ],
    iterations: [pass(1, 0, 2000, 66_000_000), pass(2, 2000, 2500), pass(3, 2500, 3000), pass(4, 3000, 3500)],
    changes: [],
    ...values,
  };
}

/** The same with 100 MiB/s declared, completed. */
export function completedRun(values: Partial<RunRecord> = {}): RunRecord {
  return sampleRun({
    declaredBandwidth: 104_857_600,
    parameters: parameters({ 'avail-switchover-bandwidth': 104_857_600 }),
    samples: [
      sample(100, 1),
      sample(2100, 2),
      { t: 2500, status: 'completed', pass: 3, transferred: 90_000_000, remaining: 0 },
    ],
    iterations: [
      pass(1, 0, 2000, 66_000_000),
      pass(2, 2000, 2200, 4_000_000),
      pass(3, 2200, 2480, 20_000_000),
    ],
    result: {
      status: 'completed',
      totalTimeMs: 2480,
      downtimeMs: 208,
      setupTimeMs: 3,
      transferred: 90_000_000,
      downtimeBytes: 20_000_000,
      switchoverBandwidth: 83_333_333,
      switchoverMeasuredBy: 'stop-to-resume',
      switchoverStart: 2200,
      switchoverEnd: 2440,
      passes: 3,
    },
    ...values,
  });
}

export function sample(t: number, passNumber: number, values: Partial<Sample> = {}): Sample {
  return {
    t,
    status: 'active',
    pass: passNumber,
    transferred: t * 33_000,
    remaining: 16_000_000,
    total: 554_508_288,
    dirtyRate: 134_000_000,
    estimatedBandwidth: 33_500_000,
    threshold: 10_050_000,
    ...values,
  };
}

export function pass(
  number: number,
  start: number,
  end: number,
  bytes = 16_000_000,
  remaining = 16_000_000,
): Iteration {
  return {
    pass: number,
    start,
    end,
    bytes,
    bandwidth: (bytes * 1000) / (end - start),
    dirtyRate: 134_000_000,
    remaining,
  };
}
