import { until } from '../../../scripts/process/until.ts';
import { awaitRow } from './awaitRow.ts';
import { ChartPanelView } from './chartPanelView.ts';
import { ControlledPair } from './controlledPair.ts';
import { MigrateDialog } from './migrateDialog.ts';
import { RecordsOnDisk } from './recordsOnDisk.ts';
import { WorkbenchUnderTest } from './workbenchUnderTest.ts';

/** Two real VMs in the tree of a real workbench. */
export class MigrationStage implements AsyncDisposable {
  readonly pair: ControlledPair;
  readonly under: WorkbenchUnderTest;
  readonly dialog: MigrateDialog;
  readonly panel: ChartPanelView;
  readonly records: RecordsOnDisk;

  private constructor(pair: ControlledPair, under: WorkbenchUnderTest) {
    this.pair = pair;
    this.under = under;
    this.dialog = new MigrateDialog(under);
    this.panel = new ChartPanelView(under.workbench);
    this.records = new RecordsOnDisk(under.server);
  }

  static async open(qemuPath?: string): Promise<MigrationStage> {
    const pair = await ControlledPair.start(qemuPath);
    try {
      const settings = { 'qmp.connections': pair.connections };
      const under = await WorkbenchUnderTest.start({ settings, size: { width: 1400, height: 1100 } });
      const stage = new MigrationStage(pair, under);
      await under.workbench.openViewContainer('QMP');
      await stage.awaitReady();
      return stage;
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw error;
    }
  }

  get workbench(): WorkbenchUnderTest['workbench'] {
    return this.under.workbench;
  }

  get tree(): WorkbenchUnderTest['tree'] {
    return this.under.tree;
  }

  /** Waits until both VMs are connected, one running and the other waiting. */
  async awaitReady(): Promise<void> {
    await this.connectIfUnreachable('source');
    await this.connectIfUnreachable('destination');
    await awaitRow(this.tree, 'source', { description: /^running/ });
    await awaitRow(this.tree, 'destination', { description: 'waiting for a migration' });
  }

  /** A fresh destination, and a fresh source too unless it still runs; no panel, no message. */
  async renew(): Promise<void> {
    const { source, destination } = this.pair;
    await this.workbench.runCommand('View: Close All Editors');
    const status = await source.control.execute('query-status').catch(() => undefined);
    const runs = JSON.stringify(status ?? '').includes('"running":true');
    await (runs ? destination.restart() : this.pair.renew());
    await this.workbench.notifications.clear();
    await this.awaitReady();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.under[Symbol.asyncDispose]();
    await this.pair[Symbol.asyncDispose]();
  }

  // It connects by itself too, but ever later.
  private async connectIfUnreachable(name: 'source' | 'destination'): Promise<void> {
    await until(
      `${name} to be connected`,
      async () => {
        const row = (await this.tree.rows()).find(({ label }) => label === name);
        if (!row) throw new Error('it is not in the tree');
        if (row.description !== 'unreachable') return row.description !== 'connecting…';
        await this.tree.clickInlineAction(name, 'Connect');
        throw new Error(row.ariaLabel);
      },
      40_000,
    );
  }
}
