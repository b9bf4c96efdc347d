import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { labDefaults } from '../../../src/lab/labDefaults.ts';
import type { PairedVmExit, VmPair } from '../../../src/lab/vmPair.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { ask, assertDirtyRate, connect, eventually, startPair } from './pairUnderTest.ts';

const mebibyte = 1024 * 1024;
/** QEMU's threshold: bytes per millisecond, rounded down, for the time of the downtime limit. */
const thresholdOf = (bytesPerSecond: number): number =>
  Math.floor(bytesPerSecond / 1000) * labDefaults.downtimeLimitMs;

interface Running {
  source: Monitor;
  destination: Monitor;
}

describe('migrating within the pair', () => {
  test('with the defaults, the declared bandwidth decides whether it ends', async (t) => {
    const pair = await startPair(t);
    const destinationEnded = new Promise<PairedVmExit>((resolve) => pair.onExit(resolve));

    const undeclared = await migrate(t, pair, labDefaults.maxBandwidth, 0);
    const going = await reached(undeclared.source, 12);
    assert.equal(going['status'], 'active', `undeclared: ${JSON.stringify(going)}`);
    await undeclared.source.execute('migrate_cancel');
    await reachedStatus(undeclared.source, 'cancelled');
    await undeclared.source.close();
    assert.equal((await destinationEnded).which, 'destination');
    await pair.renewDestination();

    const declared = await migrate(t, pair, labDefaults.maxBandwidth, labDefaults.declaredBandwidth);
    const { ram } = await reachedStatus(declared.source, 'completed');
    assert.ok(passOf(ram) <= 5, `declared: ${JSON.stringify(ram)}`);
    assert.equal((await ask(declared.source, 'query-status'))['status'], 'postmigrate');
    assert.equal((await ask(declared.destination, 'query-status'))['status'], 'running');
  });

  test('the default guest lies between the two thresholds', () => {
    const { workingSetBytes, maxBandwidth, declaredBandwidth } = labDefaults;
    assert.ok(thresholdOf(maxBandwidth) < workingSetBytes * 0.75);
    assert.ok(thresholdOf(declaredBandwidth) > workingSetBytes * 1.5);
  });

  test('the guest goes on at its rate on the destination, and in a new pair after it', async (t) => {
    const mebibytesPerSecond = 32;
    const load = { workingSetBytes: 128 * mebibyte, dirtyBytesPerSecond: mebibytesPerSecond * mebibyte };
    const pair = await startPair(t, load);
    const { source, destination } = await migrate(t, pair, 1024 * mebibyte, 1024 * mebibyte);
    await reachedStatus(source, 'completed');
    await assertDirtyRate(destination, mebibytesPerSecond);

    await pair.reset();
    const again = await connect(t, pair.source.address);
    assert.equal((await ask(again, 'query-status'))['status'], 'running');
    await assertDirtyRate(again, mebibytesPerSecond);
  });
});

async function migrate(
  t: TestContext,
  pair: VmPair,
  maxBandwidth: number,
  declared: number,
): Promise<Running> {
  const source = await connect(t, pair.source.address);
  const destination = await connect(t, pair.destination.address);
  const uri = `unix:${join(pair.directory, 'migration.sock')}`;
  await destination.execute('migrate-incoming', { uri });
  await source.execute('migrate-set-parameters', {
    'max-bandwidth': maxBandwidth,
    'avail-switchover-bandwidth': declared,
    'downtime-limit': labDefaults.downtimeLimitMs,
  });
  await source.execute('migrate', { uri });
  return { source, destination };
}

/** Looks until a migration has come to `pass` or has ended. */
function reached(source: Monitor, pass: number): Promise<JsonObject> {
  return eventually(
    `pass ${pass}`,
    async () => {
      const reply = await ask(source, 'query-migrate');
      const goesOn = reply['status'] === 'setup' || reply['status'] === 'active';
      return passOf(reply['ram']) >= pass || !goesOn ? reply : undefined;
    },
    30_000,
  );
}

function reachedStatus(source: Monitor, status: string): Promise<JsonObject> {
  return eventually(
    `migration ${status}`,
    async () => {
      const reply = await ask(source, 'query-migrate');
      return reply['status'] === status ? reply : undefined;
    },
    30_000,
  );
}

function passOf(ram: unknown): number {
  return typeof ram === 'object' && ram !== null && 'dirty-sync-count' in ram
    ? Number(ram['dirty-sync-count'])
    : 0;
}
