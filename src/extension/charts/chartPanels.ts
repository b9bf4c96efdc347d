import * as vscode from 'vscode';
import { DisposableList } from '../../shared/disposable.ts';
import { webviewIds } from '../ids.ts';
import { chartHtml } from './chartHtml.ts';
import { ChartPanel, type ChartPanelHost } from './chartPanel.ts';
import type { ChartSource } from './chartSource.ts';

export interface ChartPanelsOptions extends ChartPanelHost {
  extensionUri: vscode.Uri;
  /** Finds a run by the key that a restored panel remembers. */
  find(key: string): Promise<ChartSource>;
}

/** The open chart panels, one per run. */
export class ChartPanels implements vscode.Disposable {
  private readonly options: ChartPanelsOptions;
  private readonly panels = new Map<string, ChartPanel>();
  private readonly own = new DisposableList();

  constructor(options: ChartPanelsOptions) {
    this.options = options;
    this.own.add(
      vscode.window.registerWebviewPanelSerializer(webviewIds.chart, {
        deserializeWebviewPanel: async (panel, state) => this.restore(panel, state),
      }),
    );
  }

  /** The run whose panel has the focus. */
  get active(): ChartPanel | undefined {
    return [...this.panels.values()].find((panel) => panel.isActive);
  }

  /** Shows the run, in its panel when it has one. */
  open(source: ChartSource): ChartPanel {
    const open = this.panels.get(source.key);
    if (open) {
      open.reveal();
      return open;
    }
    const panel = vscode.window.createWebviewPanel(
      webviewIds.chart,
      source.record.vm.name,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: true },
      this.webviewOptions(),
    );
    return this.adopt(panel, source);
  }

  /** Lets an open panel of the same run go on with `source`. */
  goOn(source: ChartSource): void {
    this.panels.get(source.key)?.attach(source);
  }

  dispose(): void {
    this.own.dispose();
    for (const panel of this.panels.values()) panel.dispose();
    this.panels.clear();
  }

  private async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    try {
      this.adopt(panel, await this.options.find(restoreKey(state)));
    } catch (error) {
      panel.dispose();
      // Thrown from here, it would only reach the editor's own log.
      this.options.run(() => Promise.reject(error));
    }
  }

  private adopt(panel: vscode.WebviewPanel, source: ChartSource): ChartPanel {
    const { extensionUri } = this.options;
    const file = (...path: string[]): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'chart.svg');
    panel.webview.options = this.webviewOptions();
    const chart = new ChartPanel(panel, source, this.options);
    this.panels.set(source.key, chart);
    panel.onDidDispose(() => {
      chart.dispose();
      if (this.panels.get(source.key) === chart) this.panels.delete(source.key);
    });
    panel.webview.html = chartHtml({
      cspSource: panel.webview.cspSource,
      scriptUri: file('dist', 'chart.js'),
      styleUris: [file('dist', 'chart.css')],
      nonce: crypto.randomUUID(),
    });
    return chart;
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.options.extensionUri, 'dist')],
    };
  }
}

function restoreKey(state: unknown): string {
  const key = typeof state === 'object' && state !== null && 'restore' in state ? state.restore : undefined;
  if (typeof key !== 'string')
    throw new Error('This chart can not be restored: it does not say which run it showed.');
  return key;
}
