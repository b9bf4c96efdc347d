import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, processState } from '../../../src/lab/processIdentity.ts';
import { VmPair, type VmPairOptions } from '../../../src/lab/vmPair.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';
import { isJsonObject, type JsonObject } from '../../../src/shared/json.ts';

/** A pair that is gone when the test ends, however it ends. */
export async function startPair(t: TestContext, options: VmPairOptions = {}): Promise<VmPair> {
  const pair = await VmPair.start(options);
  t.after(() => pair.stop());
  return pair;
}

/** A monitor that is closed when the test ends. */
export async function connect(t: TestContext, address: string): Promise<Monitor> {
  const monitor = await connectMonitor(address);
  t.after(() => monitor.close());
  return monitor;
}

/** Executes a command that answers with an object. */
export async function ask(monitor: Monitor, command: string, args?: JsonObject): Promise<JsonObject> {
  const reply = await monitor.execute(command, args);
  assert.ok(isJsonObject(reply), `${command} answered ${String(reply)}`);
  return reply;
}

/** Asks until the answer is there; fails with `what` and the last look after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    assert.ok(Date.now() < deadline, `not within ${timeoutMs} ms: ${what}`);
    await delay(20);
  }
}

/** True while the process exists and is no zombie. */
export function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && processState(identify(pid)) === 'running';
}

/** For how long `measureDirtyRate` looks. A page dirtied twice within counts once. */
export const dirtyRateSeconds = 2;
const dirtyRateAttempts = 10;

/**
 * The guest dirties `wanted` MiB/s, within 15 %. A host that is busy with other things takes time from the guest: one
 * measurement during which it does not is enough.
 */
export async function assertDirtyRate(monitor: Monitor, wanted: number): Promise<void> {
  const measured: number[] = [];
  while (measured.length < dirtyRateAttempts) {
    const rate = await measureDirtyRate(monitor);
    if (rate > 0.85 * wanted && rate < 1.15 * wanted) return;
    measured.push(rate);
  }
  assert.fail(`${wanted} MiB/s were to be dirtied; measured: ${measured.join(', ')} MiB/s`);
}

/** In MiB/s, by QEMU's own measurement: it hashes pages that it samples at random
 * (16 384 per GiB, as many as it takes), before and after. */
export async function measureDirtyRate(monitor: Monitor): Promise<number> {
  await monitor.execute('calc-dirty-rate', {
    'calc-time': dirtyRateSeconds,
    mode: 'page-sampling',
    'sample-pages': 16_384,
  });
  return eventually('QEMU has measured the dirty rate', async () => {
    const reply = await ask(monitor, 'query-dirty-rate');
    return reply['status'] === 'measured' ? Number(reply['dirty-rate']) : undefined;
  });
}
