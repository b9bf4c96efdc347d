import * as vscode from 'vscode';
import type { Vm } from '../connections/vm.ts';

/** Address, version and state of a VM; for an unreachable one the reason. All text comes from outside: it is escaped. */
export function vmTooltip(vm: Vm): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const { state } = vm;
  text.appendMarkdown(`**${escaped(vm.name)}**  \n${escaped(vm.address)}`);
  if (state.kind === 'offline' && state.reason) text.appendMarkdown(`\n\n${escaped(state.reason)}`);
  if (state.kind !== 'connected') return text;
  const { version } = state.monitor;
  if (version) {
    const { major, minor, micro } = version;
    text.appendMarkdown(`  \nQEMU ${major}.${minor}.${micro} ${escaped(version.package)}`);
  }
  text.appendMarkdown(`\n\nRun state: ${escaped(state.runState)}`);
  if (state.migration) text.appendMarkdown(`  \nMigration: ${escaped(state.migration)}`);
  return text;
}

/** As `appendText` does it, but with spaces at which a long sentence can be wrapped. */
function escaped(value: string): string {
  return new vscode.MarkdownString().appendText(value.trim()).value.replaceAll('&nbsp;', ' ');
}
