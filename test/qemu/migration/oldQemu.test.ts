import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { OLD_QEMU } from '../../../scripts/provision/oldQemu.ts';
import { MigrationError } from '../../../src/migration/errors.ts';
import { canDeclareBandwidth } from '../../../src/migration/migrateParameters.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';
import { openPair, type PairBench } from './pairBench.ts';

failOnUnhandledRejection();

let bench: PairBench;
beforeEach(async () => {
  bench = await openPair({ qemuPath: OLD_QEMU });
});
afterEach(() => bench?.close());

test('a QEMU before 8.2 takes no declared bandwidth: it says why, and nothing is changed', async () => {
  const { source, destination, start } = bench;
  const settings = () =>
    Promise.all([
      source.execute('query-migrate-parameters'),
      source.execute('query-migrate-capabilities'),
      destination.execute('query-migrate-capabilities'),
    ]);
  const before = await settings();
  const { possible, reason = '' } = await canDeclareBandwidth(source);
  assert.equal(possible, false);
  assert.match(
    reason,
    /^QEMU 7\.2\.\d+ has no avail-switchover-bandwidth: declaring needs QEMU 8\.2 or newer\.$/,
  );
  await assert.rejects(start({ declaredBandwidth: 104_857_600 }), (error) => {
    assert.ok(error instanceof MigrationError);
    assert.equal(error.message, reason);
    return true;
  });
  assert.deepEqual(await settings(), before);
});

test('a QEMU before 8.2 migrates, and its record says nothing of a declared bandwidth', async () => {
  const watch = await bench.start({ maxBandwidth: 0 });
  const record = await withDeadline(watch.finished, 'the end of the migration', 60_000);
  assert.equal(record.result?.status, 'completed');
  assert.equal('declaredBandwidth' in record, false);
  assert.equal(record.passesFrom, 'events');
  assert.deepEqual(
    record.iterations.map(({ pass }) => pass),
    Array.from({ length: record.result.passes ?? 0 }, (_, index) => index + 1),
  );
  assert.equal(record.result.switchoverMeasuredBy, 'stop-to-resume');
});
