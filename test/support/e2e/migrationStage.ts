import { until } from '../../../scripts/process/until.ts';
import type { WhichVm } from '../../../src/lab/qemuArguments.ts';
import { isJsonObject } from '../../../src/shared/json.ts';
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
    await this.workbench.runCommand('View: Close All Editors');
    await ((await this.isRunning('source')) ? this.pair.destination.restart() : this.pair.renew());
    await this.workbench.notifications.clear();
    await this.awaitReady();
  }

  /** Whether the guest runs in this VM, by its own word. */
  async isRunning(which: WhichVm): Promise<boolean> {
    const status = await this.pair[which].control.execute('query-status');
    return isJsonObject(status) && status['running'] === true;
  }

  /** Waits until the source is at least in this pass, by its own word. */
  async awaitPass(pass: number): Promise<void> {
    const { control } = this.pair.source;
    await until(`pass ${pass}`, async () => {
      const reply = await control.execute('query-migrate');
      const ram = isJsonObject(reply) ? reply['ram'] : undefined;
      return isJsonObject(ram) && Number(ram['dirty-sync-count']) >= pass;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.under[Symbol.asyncDispose]();
    await this.pair[Symbol.asyncDispose]();
  }

  // It connects by itself too, but ever later; and it may do so between the look and the click.
  private async connectIfUnreachable(name: WhichVm): Promise<void> {
    const look = async (): Promise<boolean> => {
      const row = (await this.tree.rows()).find(({ label }) => label === name);
      if (!row) throw new Error('it is not in the tree');
      if (row.description !== 'unreachable') return row.description !== 'connecting…';
      const item = this.tree.row(name);
      await item.hover({ timeout: 1_000 });
      await item.locator('.actions .action-label[aria-label^="Connect"]').click({ timeout: 1_000 });
      throw new Error(row.ariaLabel);
    };
    await until(`${name} to be connected`, look, 40_000);
  }
}
