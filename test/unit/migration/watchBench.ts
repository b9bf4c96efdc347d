import { beginWatch } from '../../../src/migration/beginWatch.ts';
import type { MigrationWatch } from '../../../src/migration/migrationWatch.ts';
import type { JsonValue } from '../../../src/shared/json.ts';
import type { RunRecord } from '../../../src/shared/runRecord.ts';
import { collectingLogger } from '../../support/qmp/collectingLogger.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';
import { ScriptedMonitor } from './scriptedMonitor.ts';

/** A source and a destination under a clock that stands still, and what is needed to watch them. */
export class WatchBench {
  readonly clock = new ManualClock();
  readonly logger = collectingLogger();
  readonly source = new ScriptedMonitor(this.clock);
  readonly destination = new ScriptedMonitor(this.clock, { address: 'unix:/run/vm2.qmp' });

  get options() {
    return { source: this.source, destination: this.destination, clock: this.clock, logger: this.logger };
  }

  /** A migration has just been started and gave its first reply. */
  async begin(reply: JsonValue): Promise<MigrationWatch> {
    this.source.answer('query-migrate', reply);
    const watch = await beginWatch({
      ...this.options,
      via: 'qmp',
      destinationUri: 'unix:/tmp/m.sock',
      start: async () => {},
    });
    await settle();
    return watch;
  }

  /** Time passes, then QEMU answers like this. */
  async pass(ms: number, reply?: JsonValue): Promise<void> {
    if (reply !== undefined) this.source.answer('query-migrate', reply);
    this.clock.advance(ms);
    await settle();
  }

  async event(name: string, data: Record<string, JsonValue> = {}, reply?: JsonValue): Promise<void> {
    if (reply !== undefined) this.source.answer('query-migrate', reply);
    this.source.event(name, data);
    await settle();
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function passesOf(record: RunRecord): number[] {
  return record.iterations.map(({ pass }) => pass);
}
