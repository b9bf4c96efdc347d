import * as vscode from 'vscode';
import type { Vm } from '../connections/vm.ts';

/** Address, version and state of a VM; for an unreachable one the reason. All text comes from outside: it is escaped. */
export function vmTooltip(vm: Vm): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const { state } = vm;
  text.appendMarkdown('**').appendText(vm.name).appendMarkdown('**  \n').appendText(vm.address);
  if (state.kind === 'offline' && state.reason) text.appendMarkdown('\n\n').appendText(state.reason);
  if (state.kind !== 'connected') return text;
  const { version } = state.monitor;
  if (version) {
    const { major, minor, micro } = version;
    text.appendMarkdown(`  \nQEMU ${major}.${minor}.${micro} `).appendText(version.package);
  }
  text.appendMarkdown('\n\nRun state: ').appendText(state.runState);
  if (state.migration) text.appendMarkdown('  \nMigration: ').appendText(state.migration);
  return text;
}
