import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Vm } from '../../../src/extension/connections/vm.ts';
import { Migrations } from '../../../src/extension/migrate/migrations.ts';
import { RunStore } from '../../../src/migration/runStore.ts';
import { failOnUnhandledRejection } from '../../support/qmp/failOnUnhandledRejection.ts';
import { withDeadline } from '../../support/qmp/withDeadline.ts';
import { active } from '../migration/scriptedMonitor.ts';
import { WatchBench } from '../migration/watchBench.ts';

failOnUnhandledRejection();

interface Stage {
  bench: WatchBench;
  vm: Vm;
  migrations: Migrations;
  /** What the user is told. */
  told: string[];
}

function stageIn(directory: string, t: TestContext): Stage {
  const bench = new WatchBench();
  const { clock, logger, source } = bench;
  const vm = new Vm({ address: source.address, remembered: true, connect: async () => source, logger });
  const told: string[] = [];
  const store = new RunStore({ directory, clock, logger });
  const migrations = new Migrations(store, logger, (error) => told.push(error.message));
  t.after(() => {
    migrations.dispose();
    vm.dispose();
  });
  return { bench, vm, migrations, told };
}

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'qmp-runs-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('a migration whose record can not be begun is followed to its end all the same', async (t) => {
  const inTheWay = join(await temporaryDirectory(t), 'runs');
  await writeFile(inTheWay, 'no directory');
  const { bench, vm, migrations, told } = stageIn(inTheWay, t);
  const run = await migrations.follow(vm, await bench.begin(active()));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /^The migration of vm1 can not be recorded: (EEXIST|ENOTDIR)/);
  assert.equal(migrations.of(vm), run);

  bench.source.answer('query-migrate', { status: 'cancelled' });
  await run.live.cancel?.();
  const record = await withDeadline(run.recorded, 'the end of the run');
  assert.equal(record.result?.status, 'cancelled');
  assert.equal(migrations.of(vm), undefined);
});

test('a record that can not be written at the end is told, and the end itself is not lost', async (t) => {
  const directory = await temporaryDirectory(t);
  const { bench, vm, migrations, told } = stageIn(directory, t);
  const run = await migrations.follow(vm, await bench.begin(active()));
  await mkdir(join(directory, `${run.key}.run.json`, 'in the way'), { recursive: true });

  bench.source.answer('query-migrate', { status: 'cancelled' });
  await run.live.cancel?.();
  const record = await withDeadline(run.recorded, 'the end of the run');
  assert.equal(record.result?.status, 'cancelled');
  assert.match(told.join('\n'), /can not be recorded: /);
  const journals = (await readdir(directory)).filter((name) => name.endsWith('.journal'));
  assert.equal(journals.length, 1, 'what was measured stays on disk');
});
