import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { runCsv } from '../../migration/export/runCsv.ts';
import { runReport } from '../../migration/export/runReport.ts';
import { runText } from '../../migration/runFile.ts';
import { runName } from '../../migration/runName.ts';
import type { ExportFormat } from '../../shared/chartMessages.ts';
import type { RunRecord } from '../../shared/runRecord.ts';
import type { ChartPanel } from '../charts/chartPanel.ts';
import type { ChartSource } from '../charts/chartSource.ts';
import { CancelledError } from '../errorBoundary.ts';

const EXTENSIONS: Record<ExportFormat, string> = { csv: 'csv', json: 'run.json', markdown: 'md', png: 'png' };

/** Exports the run of a panel; the picture comes from its page. */
export async function exportFromPanel(panel: ChartPanel, format: ExportFormat): Promise<void> {
  const { record } = panel.source;
  if (format === 'png') await save(record, format, await panel.capturePng());
  else await exportRun(panel.source, format);
}

/** Exports a run that no panel shows; a picture is not to be had then. */
export async function exportRun(
  { record }: ChartSource,
  format: Exclude<ExportFormat, 'png'>,
): Promise<void> {
  await save(record, format, new TextEncoder().encode(textOf(record, format)));
}

function textOf(record: RunRecord, format: Exclude<ExportFormat, 'png'>): string {
  switch (format) {
    case 'csv':
      return runCsv(record);
    case 'json':
      return runText(record);
    case 'markdown':
      return runReport(record);
  }
}

async function save(record: RunRecord, format: ExportFormat, content: Uint8Array): Promise<void> {
  const target = await askTarget(record, format);
  await vscode.workspace.fs.writeFile(target, content);
  const open = await vscode.window.showInformationMessage(`Exported to ${target.fsPath}`, 'Open');
  if (open) await vscode.commands.executeCommand('vscode.open', target);
}

async function askTarget(record: RunRecord, format: ExportFormat): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const defaultUri = vscode.Uri.joinPath(folder, `${runName(record)}.${EXTENSIONS[format]}`);
  const target = await vscode.window.showSaveDialog({ title: 'Export Run', saveLabel: 'Export', defaultUri });
  if (!target) throw new CancelledError();
  return target;
}
