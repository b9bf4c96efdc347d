import type { Monitor } from '../qmp/monitor.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';

/** Changes settings of VMs and can put them back, last first. */
export class ChangeLog {
  private readonly logger: Logger;
  private undoings: (() => Promise<unknown>)[] = [];

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** @param before the parameters as they are now */
  async setParameters(monitor: Monitor, values: JsonObject, before: JsonObject): Promise<void> {
    const changed = Object.entries(values).filter(([name, value]) => before[name] !== value);
    if (changed.length === 0) return;
    const old = changed.flatMap(([name]) => {
      const value = before[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    await monitor.execute('migrate-set-parameters', Object.fromEntries(changed));
    if (old.length === 0) return;
    this.undoings.push(() => monitor.execute('migrate-set-parameters', Object.fromEntries(old)));
  }

  async setCapabilities(monitor: Monitor, values: ReadonlyMap<string, boolean>): Promise<void> {
    if (values.size === 0) return;
    const request = (turned: boolean): JsonObject => ({
      capabilities: [...values].map(([capability, state]) => ({ capability, state: state !== turned })),
    });
    await monitor.execute('migrate-set-capabilities', request(false));
    this.undoings.push(() => monitor.execute('migrate-set-capabilities', request(true)));
  }

  /** Puts everything back as far as the VMs still answer; what fails is logged, as the first error is the one to tell. */
  async undo(): Promise<void> {
    const undoings = this.undoings.reverse();
    this.undoings = [];
    for (const undo of undoings) {
      try {
        await undo();
      } catch (error) {
        this.logger.warn(
          `a setting could not be put back: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}
