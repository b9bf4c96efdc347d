import type { Cleanup } from '../../scripts/process/cleanup.ts';
import { VmPair } from '../../src/lab/vmPair.ts';
import type { MigrationWatch } from '../../src/migration/migrationWatch.ts';
import { startMigration } from '../../src/migration/startMigration.ts';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import type { Monitor } from '../../src/qmp/monitor.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLogger } from '../../src/shared/logger.ts';

const MIB = 1024 * 1024;
/** The rest of the VM: firmware, and what lies below the working set. */
const OTHER_MEMORY_MIB = 8;

export interface EndlessMigrationOptions {
  /** Sent anew in every pass. */
  workingSetMiB: number;
  /** Of zlib, 0 to 9: how much work every page is. */
  zlibLevel: number;
  /** Further arguments of the source's QEMU. */
  sourceArguments?: readonly string[];
}

/**
 * A real migration between two real VMs as fast as this machine can, that does not converge: the guest dirties 1 GiB/s, and all
 * pages go through multifd's zlib, so that they are sent more slowly than that. The switchover threshold is one byte.
 */
export class EndlessMigration implements AsyncDisposable {
  readonly source: Monitor;
  /** Was there from the start. */
  readonly watch: MigrationWatch;
  private readonly destination: Monitor;
  private readonly pair: VmPair;

  private constructor(pair: VmPair, source: Monitor, destination: Monitor, watch: MigrationWatch) {
    this.pair = pair;
    this.source = source;
    this.destination = destination;
    this.watch = watch;
  }

  static async start(options: EndlessMigrationOptions, cleanup: Cleanup): Promise<EndlessMigration> {
    const { workingSetMiB, zlibLevel, sourceArguments = [] } = options;
    const pair = await VmPair.start({
      workingSetBytes: workingSetMiB * MIB,
      dirtyBytesPerSecond: 1024 * MIB,
      memoryMiB: workingSetMiB + OTHER_MEMORY_MIB,
      sourceArguments,
    });
    cleanup.add('stop the VM pair', () => pair.stop());
    try {
      const source = await connectMonitor(pair.source.address);
      const destination = await connectMonitor(pair.destination.address);
      await slowDown(source, destination, zlibLevel);
      const watch = await startMigration({
        source,
        destination,
        maxBandwidth: 0,
        downtimeLimitMs: 1,
        declaredBandwidth: 1000,
        socketDirectory: pair.directory,
        clock: systemClock,
        logger: silentLogger,
      });
      return new EndlessMigration(pair, source, destination, watch);
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  /** Of the source's QEMU. */
  get sourcePid(): number {
    const { pid } = this.pair.source;
    if (pid === undefined) throw new Error('the source has ended');
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.watch.dispose();
    await Promise.all([this.source.close(), this.destination.close()]);
    await this.pair.stop();
  }
}

async function slowDown(source: Monitor, destination: Monitor, zlibLevel: number): Promise<void> {
  const multifd = { capability: 'multifd', state: true };
  await source.execute('migrate-set-capabilities', { capabilities: [multifd] });
  for (const monitor of [source, destination]) {
    await monitor.execute('migrate-set-parameters', {
      'multifd-compression': 'zlib',
      'multifd-zlib-level': zlibLevel,
      'multifd-channels': 1,
    });
  }
}
