import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from '../../scripts/process/cleanup.ts';
import type { Iteration } from '../../src/shared/runRecord.ts';
import { withDeadline } from '../support/qmp/withDeadline.ts';
import { type Measurement, median } from './benchmark.ts';
import { EndlessMigration } from './endlessMigration.ts';

const PASSES = 250;
/** A busy machine makes the passes longer, and so fewer. */
const MEASURING_MS = 40_000;
/** Of fewer nothing can be said. */
const FEWEST_PASSES = 50;

/** Whether the records of migrations with passes of about 50 ms hold every pass that QEMU's own log tells of. */
export async function benchShortPasses(cleanup: Cleanup): Promise<Measurement[]> {
  const folder = await cleanup.makeTemporaryDirectory('qmp-bench-');
  const deadline = performance.now() + MEASURING_MS;
  const iterations: Iteration[] = [];
  let missing = 0;
  // A guest that gets no time of a busy machine dirties nothing, and its migration ends after all.
  for (let run = 0; iterations.length < PASSES && performance.now() < deadline; run++) {
    const wanted = PASSES - iterations.length;
    const { recorded, synced } = await migrate(join(folder, `log-${run}`), wanted, deadline, cleanup);
    missing += synced - new Set(recorded.map(({ pass }) => pass)).size;
    iterations.push(...recorded);
  }
  const lengths = iterations.map(({ start, end }) => end - start);
  const withBytes = iterations.filter(({ bytes }) => bytes !== undefined).length;
  const enough = iterations.length >= FEWEST_PASSES;
  return [
    {
      name: 'iterations missing in the record at passes of 50 ms',
      ...(enough ? { value: missing } : {}),
      unit: 'passes',
      target: { atMost: 0 },
      remark: `of ${iterations.length + missing}, bytes known of ${withBytes}; median ${median(lengths).toFixed(0)} ms, shortest ${Math.min(...lengths).toFixed(0)} ms`,
    },
  ];
}

/** @returns what our record holds, and how many passes QEMU has logged */
async function migrate(
  log: string,
  wanted: number,
  deadline: number,
  cleanup: Cleanup,
): Promise<{ recorded: Iteration[]; synced: number }> {
  const sourceArguments = ['-trace', 'enable=migration_bitmap_sync_start', '-D', log];
  await using migration = await EndlessMigration.start(
    { workingSetMiB: 18, zlibLevel: 1, sourceArguments },
    cleanup,
  );
  const { watch } = migration;
  const rest = Math.max(0, deadline - performance.now());
  await Promise.race([
    watch.finished,
    delay(rest, undefined, { ref: false }),
    new Promise<void>((resolve) =>
      watch.onUpdate((record) => record.iterations.length >= wanted && resolve()),
    ),
  ]);
  const { iterations } = await withDeadline(watch.cancel(), 'the end of the cancelled migration');
  const synced = (await readFile(log, 'utf8')).match(/migration_bitmap_sync_start/g)?.length ?? 0;
  return { recorded: iterations, synced };
}
