import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../qemu/migration/pairBench.ts';
import { withDeadline } from '../support/qmp/withDeadline.ts';
import { type Measurement, median } from './benchmark.ts';
import { EndlessMigration } from './endlessMigration.ts';

const PASSES = 250;
/** A busy machine makes the passes longer, and so fewer. */
const MEASURING_MS = 40_000;

/** Whether the record of a migration with passes of about 50 ms holds every pass that QEMU's own log tells of. */
export async function benchShortPasses(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'qmp-bench-'));
  try {
    const log = join(folder, 'log');
    const sourceArguments = ['-trace', 'enable=migration_bitmap_sync_start', '-D', log];
    await using migration = await EndlessMigration.start({
      workingSetMiB: 20,
      zlibLevel: 1,
      sourceArguments,
    });
    const { watch } = migration;
    await Promise.race([
      delay(MEASURING_MS, undefined, { ref: false }),
      until(watch, `${PASSES} passes`, ({ iterations }) => iterations.length >= PASSES, 2 * MEASURING_MS),
    ]);
    const { iterations } = await withDeadline(watch.cancel(), 'the end of the cancelled migration');
    const synced = (await readFile(log, 'utf8')).match(/migration_bitmap_sync_start/g)?.length ?? 0;
    const recorded = new Set(iterations.map(({ pass }) => pass)).size;
    const lengths = iterations.map(({ start, end }) => end - start);
    const withBytes = iterations.filter(({ bytes }) => bytes !== undefined).length;
    return [
      {
        name: 'iterations missing in the record at passes of 50 ms',
        value: synced - recorded,
        unit: 'passes',
        target: { atMost: 0 },
        remark: `${recorded} of ${synced}, bytes known of ${withBytes}; median ${median(lengths).toFixed(0)} ms, shortest ${Math.min(...lengths).toFixed(0)} ms`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
