import * as vscode from 'vscode';
import type { Vm } from '../connections/vm.ts';

/** Address, version and state of a VM; for an unreachable one the reason. All text comes from outside: it is escaped. */
export function vmTooltip(vm: Vm): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(vm.name).appendMarkdown('**\n\n').appendText(vm.address);
  const { state } = vm;
  if (state.kind === 'offline' && state.reason) text.appendMarkdown('\n\n').appendText(state.reason);
  if (state.kind === 'connected') {
    const { version } = state.monitor;
    if (version)
      text
        .appendMarkdown(`\n\nQEMU ${version.major}.${version.minor}.${version.micro} `)
        .appendText(version.package);
    text.appendMarkdown('\n\nRun state: ').appendText(state.runState);
    if (state.migration) text.appendMarkdown('\n\nMigration: ').appendText(state.migration);
  }
  return text;
}
