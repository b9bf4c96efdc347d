import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { readRun, runText } from '../../src/migration/runFile.ts';
import { runName } from '../../src/migration/runName.ts';
import { verdict } from '../../src/migration/verdict.ts';
import type { RunRecord } from '../../src/shared/runRecord.ts';
import { answerFileDialog, awaitFileDialog } from '../support/e2e/answerFileDialog.ts';
import { ChartPanelView } from '../support/e2e/chartPanelView.ts';
import { readPng } from '../support/e2e/pngPicture.ts';
import { RecordsOnDisk } from '../support/e2e/recordsOnDisk.ts';
import { WorkbenchUnderTest } from '../support/e2e/workbenchUnderTest.ts';
import { completedRun, sampleRun } from '../unit/migration/sampleRun.ts';

const COMPLETED = completedRun({ declaredBandwidth: 104_857_600 });
const CANCELLED = sampleRun({
  startedAt: '2024-05-05T07:08:09.010Z',
  result: { status: 'cancelled', totalTimeMs: 3600, passes: 4 },
});

describe('the records of runs', () => {
  let stage: WorkbenchUnderTest;
  let panel: ChartPanelView;

  before(async () => {
    stage = await WorkbenchUnderTest.start({ size: { width: 1400, height: 1100 } });
    panel = new ChartPanelView(stage.workbench);
    const records = new RecordsOnDisk(stage.server);
    await mkdir(records.directory, { recursive: true });
    for (const record of [COMPLETED, CANCELLED]) {
      await writeFile(records.path(`${runName(record)}.run.json`), runText(record));
    }
    await writeFile(records.path('2024-05-04T07-08-09.010Z-vm1.run.json'), runText(COMPLETED).slice(0, 800));
  });

  afterEach(async () => {
    await stage.workbench.runCommand('View: Close All Editors');
    await stage.workbench.notifications.clear();
  });

  after(() => stage[Symbol.asyncDispose]());

  async function openFromList(text: string): Promise<void> {
    await stage.workbench.runCommand('QMP: Open Run…');
    await stage.workbench.quickInput.waitForTitle('QMP: Open Run');
    await stage.workbench.quickInput.pick(text);
  }

  /** Opens a file of the folder by "Browse…". */
  async function browseTo(file: string): Promise<void> {
    await openFromList('Browse…');
    const proposed = `${stage.server.folder}/`;
    await answerFileDialog(stage.workbench.quickInput, 'Open the record of a run', { proposed, file });
  }

  /** The name of the file that is proposed for an export. */
  function proposalFor(record: RunRecord, extension: string): string {
    return path.join(stage.server.folder, `${runName(record)}.${extension}`);
  }

  /** Answers the save dialog; returns what was written. */
  async function exported(record: RunRecord, extension: string, name: string): Promise<Buffer> {
    const file = path.join(stage.server.folder, name);
    const proposed = proposalFor(record, extension);
    await answerFileDialog(stage.workbench.quickInput, 'Export Run', { proposed, file });
    await stage.workbench.notifications.waitFor(`Exported to ${file}`);
    return readFile(file);
  }

  test('"Open Run…" lists them, the latest first, and says which can not be opened', async () => {
    await stage.workbench.runCommand('QMP: Open Run…');
    await stage.workbench.quickInput.waitForTitle('QMP: Open Run');
    const items = await stage.workbench.quickInput.items();
    assert.deepEqual(
      items.map(({ label, detail }) => [label, detail]),
      [
        ['vm1', 'completed · 3 passes · 2.48 s · downtime 208 ms · 100 MiB/s declared'],
        ['vm1', 'cancelled · 4 passes · 3.60 s · nothing declared'],
        ['2024-05-04T07-08-09.010Z-vm1.run.json', 'it is not JSON, or only the beginning of one'],
        ['Browse…', ''],
      ],
    );
    await stage.workbench.quickInput.dismiss();
    await stage.workbench.quickInput.waitUntilClosed();
  });

  test('opens one in the panel: verdict, passes, nothing to cancel; and only once', async () => {
    await openFromList('cancelled');
    await panel.awaitVerdict(verdict(CANCELLED));
    await panel.awaitStatus('cancelled');
    const passes = (await panel.rows()).map(([pass]) => pass);
    assert.deepEqual(
      passes,
      CANCELLED.iterations.map(({ pass }) => String(pass)),
    );
    assert.equal(await panel.hasButton('Cancel Migration'), false);
    await openFromList('cancelled');
    await stage.workbench.quickInput.waitUntilClosed();
    assert.deepEqual(
      (await stage.workbench.tabs()).map(({ label }) => label),
      ['vm1: cancelled'],
    );
  });

  const refused: [string, string, string][] = [
    ['no run', JSON.stringify({ name: 'something' }), 'it is JSON, but not the record of a migration'],
    ['a truncated run', runText(COMPLETED).slice(0, 1000), 'it is not JSON, or only the beginning of one'],
    [
      'a run of a later version',
      runText(COMPLETED).replace('"version": 1', '"version": 2'),
      'it has version 2 of the format: it was written by a later version of this extension',
    ],
    ['a damaged run', runText(COMPLETED).replace('"t":100', '"t":"soon"'), '/samples/0/t must be number'],
  ];
  for (const [what, text, reason] of refused) {
    test(`says what is wrong with ${what}`, async () => {
      const file = path.join(stage.server.folder, 'foreign.run.json');
      await writeFile(file, text);
      await browseTo(file);
      await stage.workbench.notifications.waitFor(`${file} can not be opened as a run: `);
      const [message] = await stage.workbench.notifications.visible();
      assert.equal(message?.severity, 'error');
      assert.ok(message?.message.includes(reason), message?.message);
      assert.deepEqual(await stage.workbench.tabs(), []);
    });
  }

  test('opens a file from anywhere, and exports it as CSV, JSON, Markdown and PNG', async () => {
    const file = path.join(stage.server.folder, 'mine.run.json');
    const mine: RunRecord = { ...COMPLETED, maxBandwidth: 2n ** 64n - 1n };
    await writeFile(file, runText(mine));
    await browseTo(file);
    await panel.awaitVerdict(verdict(mine));

    await panel.click('Export as CSV');
    const [head = '', ...rows] = (await exported(mine, 'csv', 'run.csv')).toString('utf8').trim().split('\n');
    assert.match(head, /^row,t,status,pass,transferred,/);
    assert.equal(rows.length, mine.samples.length + mine.iterations.length);

    await panel.click('Export as JSON');
    await exported(mine, 'run.json', 'copy.run.json');
    assert.deepEqual(await readRun(path.join(stage.server.folder, 'copy.run.json')), mine);

    await panel.click('Export as Markdown');
    const report = (await exported(mine, 'md', 'run.md')).toString('utf8');
    assert.match(report, /^# Migration of vm1\n/);
    assert.ok(report.includes(verdict(mine)));

    await panel.click('Export as PNG');
    const { width, height, differentBytes } = readPng(await exported(mine, 'png', 'run.png'));
    const plots = await panel.plotSizes();
    assert.equal(width, Math.max(...plots.map((plot) => plot.width)) + 2 * 16);
    assert.ok(height > plots.reduce((sum, plot) => sum + plot.height, 0), `${height} px high`);
    assert.ok(differentBytes > 50, `only ${differentBytes} different bytes: the picture is empty`);
  });

  test('"Export Run…" offers the picture only where a panel can draw it', async () => {
    const { quickInput } = stage.workbench;
    const labels = async () => (await quickInput.items()).map(({ label }) => label);
    await stage.workbench.runCommand('QMP: Export Run…');
    await quickInput.waitForTitle('QMP: Export Run');
    assert.deepEqual(await labels(), ['Markdown', 'CSV', 'JSON']);
    await quickInput.pick('Markdown');
    await quickInput.pick('cancelled');
    assert.match((await exported(CANCELLED, 'md', 'listed.md')).toString('utf8'), /Cancelled after 3\.60 s/);

    await openFromList('completed');
    await panel.awaitStatus('completed');
    await stage.workbench.showTab('vm1: completed');
    await stage.workbench.runCommand('QMP: Export Run…');
    await quickInput.waitForTitle('QMP: Export Run');
    assert.deepEqual(await labels(), ['Markdown', 'CSV', 'JSON', 'PNG']);
    await quickInput.pick('PNG');
    assert.ok(readPng(await exported(COMPLETED, 'png', 'shown.png')).width > 500);
  });

  test('leaving the save dialog writes nothing and says nothing', async () => {
    await openFromList('completed');
    await panel.awaitStatus('completed');
    await panel.click('Export as JSON');
    const proposed = proposalFor(COMPLETED, 'run.json');
    await awaitFileDialog(stage.workbench.quickInput, 'Export Run', proposed);
    await stage.workbench.quickInput.dismiss();
    await stage.workbench.quickInput.waitUntilClosed();
    await assert.rejects(readFile(proposed), { code: 'ENOENT' });
    assert.deepEqual(await stage.workbench.notifications.visible(), []);
  });
});
