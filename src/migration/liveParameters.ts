import type { JsonObject } from '../shared/json.ts';
import type { ParameterChange } from '../shared/runRecord.ts';
import { declaredBandwidthName, integerParameter, parameterChanges } from './migrateParameters.ts';
import { defined, type MigrationReport, type ThresholdParameters } from './queryMigrate.ts';

/**
 * The source's parameters while the migration runs. QEMU takes a changed value into its threshold at the end of the window
 * under way, and a window shows as a new `mbps`. The first new one may stem from a window that ended just before the change:
 * from the second on the threshold is certain again.
 */
export class LiveParameters {
  private values: JsonObject;
  private lastMbps: number | undefined;
  private windowsToWait = 0;

  constructor(values: JsonObject) {
    this.values = values;
  }

  /** @returns what differs from the last reading */
  read(t: number, values: JsonObject): ParameterChange[] {
    const changes = parameterChanges(t, this.values, values);
    this.values = values;
    const decisive = changes.some(
      ({ parameter }) => parameter === declaredBandwidthName || parameter === 'downtime-limit',
    );
    if (decisive && this.lastMbps !== undefined) this.windowsToWait = 2;
    return changes;
  }

  /** The values behind QEMU's threshold in this report; empty while they are not certain. */
  valuesFor(report: MigrationReport): ThresholdParameters {
    if (report.mbps !== this.lastMbps && this.windowsToWait > 0) this.windowsToWait--;
    this.lastMbps = report.mbps;
    if (this.windowsToWait > 0) return {};
    return {
      ...defined('declaredBandwidth', integerParameter(this.values, declaredBandwidthName)),
      ...defined('downtimeLimitMs', integerParameter(this.values, 'downtime-limit')),
    };
  }
}
