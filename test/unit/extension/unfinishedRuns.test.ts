import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../../../scripts/process/until.ts';
import { VmList } from '../../../src/extension/connections/vmList.ts';
import { Migrations } from '../../../src/extension/migrate/migrations.ts';
import { UnfinishedRuns } from '../../../src/extension/migrate/unfinishedRuns.ts';
import { findRun } from '../../../src/extension/runs/findRun.ts';
import { RunStore } from '../../../src/migration/runStore.ts';
import { MonitorConnectError } from '../../../src/qmp/errors.ts';
import { collectingLogger } from '../../support/qmp/collectingLogger.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { ManualClock } from '../../support/qmp/manualClock.ts';
import { sample, sampleRun } from '../migration/sampleRun.ts';
import { active, ScriptedMonitor } from '../migration/scriptedMonitor.ts';

failOnUnhandledRejection();

let directory: string;
let clock: ManualClock;
let log: ReturnType<typeof collectingLogger>;
let key: string;
let resumed: string[];
let connect: () => ScriptedMonitor;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'qmp-unfinished-'));
  clock = new ManualClock();
  log = collectingLogger();
  resumed = [];
  connect = () => {
    const monitor = new ScriptedMonitor(clock);
    monitor.answer('query-migrate', active());
    return monitor;
  };
  const startedAt = new Date(clock.now() - 1000).toISOString();
  const former = await openStore().begin({ ...sampleRun(), startedAt, samples: [sample(0, 1)] });
  key = former.key;
  await former.suspend();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function openStore(): RunStore {
  return new RunStore({ directory, clock, logger: log });
}

/** A window that comes up and knows the VM of the record. */
function openWindow() {
  const store = openStore();
  const vms = new VmList(async () => connect(), log);
  const migrations = new Migrations(store, log, (error) => assert.fail(error));
  const unfinished = new UnfinishedRuns({ store, vms, clock, log }, migrations, {
    resumed: async (run) => void resumed.push(run.key),
    ended: () => {},
  });
  const vm = vms.add('unix:/run/vm1.qmp', { remembered: true });
  const close = async (): Promise<void> => {
    unfinished.dispose();
    const ended = vms.all.map((one) => migrations.of(one)?.recorded);
    migrations.dispose();
    await Promise.all(ended);
    vms.dispose();
  };
  return { vm, close, find: () => findRun(key, store, migrations, unfinished) };
}

test('a panel that comes back finds the run, however far its resumption is', async () => {
  for (let turns = 0; turns < 12; turns++) {
    const window = openWindow();
    const connected = window.vm.connect();
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    const found = await window.find();
    assert.equal(found.key, key);
    await connected;
    await until('the run to go on', () => resumed.length === turns + 1);
    await window.close();
  }
});

test('a monitor that the former window still holds is tried again', async () => {
  const free = connect;
  connect = () => {
    throw new MonitorConnectError('no-greeting', 'connected, but no greeting');
  };
  const window = openWindow();
  await assert.rejects(window.vm.connect());
  assert.equal((await window.find()).record.result, undefined);
  connect = free;
  clock.advance(1000);
  await until('the run to go on', () => resumed.length === 1);
  await window.close();
});

test('a VM that is not there any more ends the record as lost, with the reason', async () => {
  connect = () => {
    throw new MonitorConnectError('not-found', 'no such socket');
  };
  const window = openWindow();
  await assert.rejects(window.vm.connect());
  const { record } = await window.find();
  assert.equal(record.result?.status, 'lost');
  assert.match(record.result?.error ?? '', /was not there any more when the window came back/);
  await window.close();
});
