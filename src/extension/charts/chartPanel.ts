import * as vscode from 'vscode';
import { ChartFeed } from '../../migration/chartFeed.ts';
import type { ChartOptions } from '../../migration/chartView.ts';
import type { BandwidthUnit, ExportFormat, FromChart, ToChart } from '../../shared/chartMessages.ts';
import { isFromChart } from '../../shared/chartMessages.ts';
import type { Clock } from '../../shared/clock.ts';
import { Deferred } from '../../shared/deferred.ts';
import { type Disposable, DisposableList } from '../../shared/disposable.ts';
import { settingIds } from '../ids.ts';
import type { ChartSource } from './chartSource.ts';

/** The chart shows nothing new sooner: QEMU's own window is 100 ms. */
const UPDATE_INTERVAL_MS = 100;
/** A page that does not answer within this time is hidden or gone. */
const CAPTURE_TIMEOUT_MS = 10_000;

export interface ChartPanelHost {
  clock: Clock;
  /** Runs what the user asked for in the page; failures reach the user. */
  run(action: () => Promise<unknown>): void;
  exportRun(panel: ChartPanel, format: ExportFormat): Promise<void>;
}

/** One panel with the chart of one run. The page may be thrown away and made anew at any time; the run is kept here. */
export class ChartPanel implements Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly host: ChartPanelHost;
  private readonly own = new DisposableList();
  private readonly captures = new Map<number, Deferred<string>>();
  private shown: ChartSource;
  private feed: ChartFeed;
  private following: Disposable | undefined;
  private pageIsReady = false;
  private update: Disposable | undefined;
  private lastCapture = 0;

  /** `panel` has its HTML already. */
  constructor(panel: vscode.WebviewPanel, source: ChartSource, host: ChartPanelHost) {
    this.panel = panel;
    this.host = host;
    this.shown = source;
    this.feed = new ChartFeed(source.record);
    this.own.add(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.own.add(panel.onDidChangeViewState(() => this.visibilityChanged()));
    this.own.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingIds.bandwidthUnit) && this.pageIsReady) this.show();
      }),
    );
    this.attach(source);
  }

  get source(): ChartSource {
    return this.shown;
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  /** Shows another state of the same run, such as the one that goes on after a restart. */
  attach(source: ChartSource): void {
    this.following?.dispose();
    this.shown = source;
    this.feed = new ChartFeed(source.record);
    this.following = source.live?.onUpdate(() => this.scheduleUpdate());
    if (this.pageIsReady) this.show();
  }

  /**
   * A picture of the plots as the page draws them, as PNG.
   * @throws Error when the page can't make one
   */
  async capturePng(): Promise<Uint8Array> {
    this.reveal();
    const id = ++this.lastCapture;
    const answer = new Deferred<string>();
    this.captures.set(id, answer);
    const expire = this.host.clock.after(CAPTURE_TIMEOUT_MS, () => {
      answer.reject(new Error('The chart did not answer: show its panel and export again.'));
    });
    try {
      await this.post({ type: 'capture', id });
      const dataUrl = await answer.promise;
      return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
    } finally {
      expire.dispose();
      this.captures.delete(id);
    }
  }

  dispose(): void {
    this.following?.dispose();
    this.update?.dispose();
    this.own.dispose();
    for (const capture of this.captures.values()) capture.reject(new Error('The chart was closed.'));
  }

  private receive(message: unknown): void {
    if (!isFromChart(message)) return;
    this.answer(message);
  }

  private answer(message: FromChart): void {
    switch (message.type) {
      case 'ready':
        this.pageIsReady = true;
        this.show();
        break;
      case 'cancel':
        this.host.run(async () => this.shown.live?.cancel?.());
        break;
      case 'export':
        this.host.run(() => this.host.exportRun(this, message.format));
        break;
      case 'unit':
        this.host.run(() => saveUnit(message.unit));
        break;
      case 'captured': {
        const capture = this.captures.get(message.id);
        if (message.png === undefined)
          capture?.reject(new Error(message.error ?? 'The chart made no picture.'));
        else capture?.resolve(message.png);
      }
    }
  }

  private show(): void {
    const { record, key } = this.shown;
    const view = this.feed.show(this.chartOptions());
    this.panel.title = titleOf(this.shown);
    this.host.run(() => this.post({ type: 'show', view, unit: unitSetting(), restore: key }));
    if (record.result) this.following?.dispose();
  }

  private scheduleUpdate(): void {
    if (this.shown.record.result) this.flush();
    else this.update ??= this.host.clock.after(UPDATE_INTERVAL_MS, () => this.flush());
  }

  private flush(): void {
    this.update?.dispose();
    this.update = undefined;
    if (!this.pageIsReady) return;
    this.panel.title = titleOf(this.shown);
    this.host.run(() => this.post(this.feed.append(this.chartOptions())));
  }

  /** A hidden page is thrown away; the one made when it shows again says `ready` and gets everything. */
  private visibilityChanged(): void {
    if (!this.panel.visible) this.pageIsReady = false;
  }

  private chartOptions(): ChartOptions {
    const live = this.shown.live !== undefined && !this.shown.record.result;
    return { live, canCancel: live && this.shown.live?.cancel !== undefined, unit: unitSetting() };
  }

  private async post(message: ToChart): Promise<void> {
    await this.panel.webview.postMessage(message);
  }
}

function titleOf({ record }: ChartSource): string {
  return record.result ? `${record.vm.name}: ${record.result.status}` : `${record.vm.name}: migrating`;
}

function unitSetting(): BandwidthUnit {
  return vscode.workspace.getConfiguration().get<BandwidthUnit>(settingIds.bandwidthUnit, 'MiB/s');
}

async function saveUnit(unit: BandwidthUnit): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration().update(settingIds.bandwidthUnit, unit, target);
}
