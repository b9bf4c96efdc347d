import { basename } from 'node:path';
import * as vscode from 'vscode';
import { runFileSuffix } from '../../migration/runFile.ts';
import type { RunStore } from '../../migration/runStore.ts';
import type { ExportFormat } from '../../shared/chartMessages.ts';
import type { ChartPanels } from '../charts/chartPanels.ts';
import type { ChartSource } from '../charts/chartSource.ts';
import { CancelledError, registerCommand } from '../errorBoundary.ts';
import { commandIds } from '../ids.ts';
import type { Services } from '../services.ts';
import { exportFromPanel, exportRun } from './exportRun.ts';
import { runItem } from './runItem.ts';

/** A list of thousands is read by nobody. */
const LISTED_RUNS = 50;

export function registerRunCommands({
  services,
  charts,
}: {
  services: Services;
  charts: ChartPanels;
}): vscode.Disposable {
  const { log, store } = services;
  return vscode.Disposable.from(
    registerCommand(commandIds.openRun, log, async (given?: vscode.Uri) => {
      charts.open(
        given instanceof vscode.Uri ? await openFile(store, given.fsPath) : await pickRun(store, 'Open Run'),
      );
    }),
    registerCommand(commandIds.exportRun, log, async () => {
      const { active } = charts;
      const format = await pickFormat(active !== undefined);
      if (active) await exportFromPanel(active, format);
      else if (format !== 'png') await exportRun(await pickRun(store, 'Export Run'), format);
    }),
  );
}

async function pickRun(store: RunStore, title: string): Promise<ChartSource> {
  const paths = (await store.list()).slice(0, LISTED_RUNS);
  const listed = await Promise.all(paths.map((path) => runItem(store, path)));
  const browse = { label: '$(folder-opened) Browse…', description: 'a .run.json file', path: '' };
  const options = {
    title: `QMP: ${title}`,
    placeHolder: 'Runs, the latest first',
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const chosen = await vscode.window.showQuickPick([...listed, browse], options);
  if (!chosen) throw new CancelledError();
  return openFile(store, chosen === browse ? await browseForRun() : chosen.path);
}

async function browseForRun(): Promise<string> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Open the record of a run',
      openLabel: 'Open Run',
      filters: { 'Migration runs': ['json'] },
    })) ?? [];
  if (!file) throw new CancelledError();
  return file.fsPath;
}

/** A run of the store goes by its key, so that its panel is found again; any other by its path. */
async function openFile(store: RunStore, path: string): Promise<ChartSource> {
  const key = basename(path).slice(0, -runFileSuffix.length);
  const isOurs = path.endsWith(runFileSuffix) && key !== '' && store.pathOf(key) === path;
  return { key: isOurs ? key : path, record: await store.open(path) };
}

async function pickFormat(pngIsPossible: boolean): Promise<ExportFormat> {
  const formats: { label: string; description: string; format: ExportFormat }[] = [
    { label: 'Markdown', description: 'report with settings, result and passes', format: 'markdown' },
    { label: 'CSV', description: 'samples and passes', format: 'csv' },
    { label: 'JSON', description: 'the record itself', format: 'json' },
    { label: 'PNG', description: 'picture of the chart', format: 'png' },
  ];
  // The picture is drawn by the panel: without one there is none.
  const offered = formats.filter(({ format }) => pngIsPossible || format !== 'png');
  const chosen = await vscode.window.showQuickPick(offered, {
    title: 'QMP: Export Run',
    placeHolder: 'Format',
  });
  if (!chosen) throw new CancelledError();
  return chosen.format;
}
