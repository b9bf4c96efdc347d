import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { argumentsOf } from '../../../src/qapi/members.ts';
import { checkParameterValue } from '../../../src/qapi/parameterCheck.ts';
import { knownParameterNames, parameterKnowledge, UINT64_MAX } from '../../../src/qapi/parameterKnowledge.ts';
import { SchemaIndex } from '../../../src/qapi/schemaIndex.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import { QmpCommandError } from '../../../src/qmp/errors.ts';
import { stringifyExact } from '../../../src/qmp/exactJson.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/shared/json.ts';
import { startQemu } from '../../support/qmp/realQemu.ts';

async function connected(t: TestContext): Promise<Monitor> {
  const qemu = await startQemu();
  t.after(() => qemu.kill());
  const monitor = await connectMonitor(qemu.address);
  t.after(() => monitor.close());
  return monitor;
}

async function parameters(monitor: Monitor): Promise<JsonObject> {
  const reply = await monitor.execute('query-migrate-parameters');
  assert.ok(isJsonObject(reply));
  return reply;
}

/** Whether QEMU takes the value; it is the default again afterwards. */
async function takes(monitor: Monitor, name: string, value: bigint, back?: JsonValue): Promise<boolean> {
  try {
    await monitor.execute('migrate-set-parameters', { [name]: value });
  } catch (error) {
    assert.ok(error instanceof QmpCommandError, String(error));
    return false;
  }
  await monitor.execute('migrate-set-parameters', { [name]: back ?? null });
  return true;
}

test('the table knows every parameter that this QEMU has, with its default', async (t) => {
  const monitor = await connected(t);
  const index = SchemaIndex.fromReply(stringifyExact(await monitor.execute('query-qmp-schema')));
  const command = index.command('migrate-set-parameters');
  const type = command && argumentsOf(index, command);
  const unknown = type?.members.map(({ name }) => name).filter((name) => !parameterKnowledge(name));
  assert.deepEqual(unknown, []);
  for (const [name, value] of Object.entries(await parameters(monitor))) {
    assert.equal(parameterKnowledge(name)?.defaultValue, value, `default of ${name}`);
  }
});

/** Where the least value depends on what else is set: on the size of a page of the guest, on cpu-throttle-initial. */
const LOWEST_HERE: Readonly<Record<string, bigint>> = { 'xbzrle-cache-size': 4096n, 'max-cpu-throttle': 20n };

interface Range {
  name: string;
  lowest: bigint;
  highest: bigint;
}

function knownRanges(): Range[] {
  return knownParameterNames().flatMap((name) => {
    const { minimum, maximum } = parameterKnowledge(name) ?? {};
    if (minimum === undefined || maximum === undefined) return [];
    return [{ name, lowest: LOWEST_HERE[name] ?? BigInt(minimum), highest: BigInt(maximum) }];
  });
}

test('QEMU takes the bounds of each range, refuses what lies beyond, and so do we', async (t) => {
  const monitor = await connected(t);
  const defaults = await parameters(monitor);
  const ranges = knownRanges().filter(({ name }) => defaults[name] !== undefined);
  assert.ok(ranges.length >= 18, `only ${ranges.length} parameters have a range`);
  for (const { name, lowest, highest } of ranges) {
    for (const value of [lowest, highest]) {
      assert.ok(await takes(monitor, name, value, defaults[name]), `QEMU refuses ${name}=${value}`);
      assert.notEqual(checkParameterValue(name, value)?.severity, 'error', `${name}=${value}`);
    }
    const wraps = highest === UINT64_MAX;
    for (const value of [lowest - 1n, highest + 1n, -1n]) {
      const isTaken = wraps && value < 0n;
      assert.equal(await takes(monitor, name, value, defaults[name]), isTaken, `${name}=${value}`);
      if (name in LOWEST_HERE && value > 0n && value < lowest) continue;
      assert.equal(
        checkParameterValue(name, value)?.severity,
        isTaken ? 'warning' : 'error',
        `${name}=${value}`,
      );
    }
  }
  assert.deepEqual(await parameters(monitor), defaults, 'everything is as before');
});

test('-1 becomes 2^64−1 in QEMU, as the warning says', async (t) => {
  const monitor = await connected(t);
  await monitor.execute('migrate-set-parameters', { 'avail-switchover-bandwidth': -1 });
  assert.equal((await parameters(monitor))['avail-switchover-bandwidth'], UINT64_MAX);
  assert.match(
    checkParameterValue('avail-switchover-bandwidth', -1n)?.message ?? '',
    new RegExp(String(UINT64_MAX)),
  );
});
