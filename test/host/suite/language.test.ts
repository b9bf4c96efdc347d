import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { RunningClient } from '../../../src/extension/language/runningClient.ts';

const DEADLINE_MS = 20_000;

async function openQmp(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'qmp', content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Resolves with the first diagnostics of the document that `wanted` accepts. */
async function diagnosticsOf(
  document: vscode.TextDocument,
  wanted: (found: vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  const current = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri);
  const seen = await new Promise<boolean>((resolve) => {
    const finish = (result: boolean): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(result);
    };
    const timer = setTimeout(() => finish(false), DEADLINE_MS);
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (wanted(current())) finish(true);
    });
    if (wanted(current())) finish(true);
  });
  const messages = current().map(({ message }) => message);
  assert.ok(seen, `within ${DEADLINE_MS} ms only: ${messages.join('; ') || 'nothing'}`);
  return current();
}

function textOf(hover: vscode.Hover | undefined): string {
  return (hover?.contents ?? [])
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

describe('QMP documents', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are known by their extension', async () => {
    const languages = await vscode.languages.getLanguages();
    assert.ok(languages.includes('qmp'));
  });

  it('tell mistakes where they are', async () => {
    const document = await openQmp(
      'query-status\nmigrate-set-parameters avail-switchover-bandwith=125000000\n',
    );
    const [found] = await diagnosticsOf(document, ({ length }) => length > 0);
    assert.match(found?.message ?? '', /Did you mean "avail-switchover-bandwidth"\?/);
    assert.equal(found && document.getText(found.range), 'avail-switchover-bandwith');
    assert.equal(found?.source, 'qmp');
  });

  it('complete the arguments of a command', async () => {
    const text = '{"execute": "migrate-set-parameters", "arguments": {""}}';
    const document = await openQmp(text);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(text.length - 3),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('avail-switchover-bandwidth'), labels.join(', '));
  });

  it('tell what a number means', async () => {
    const text = 'migrate-set-parameters avail-switchover-bandwidth=104857600';
    const document = await openQmp(text);
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(text.length - 2),
    );
    assert.match(textOf(hover), /= 100 MiB\/s = 839 Mbit\/s/);
    assert.match(textOf(hover), /31,457,100 bytes/);
  });

  it('are diagnosed anew after an edit', async () => {
    const document = await openQmp('quti');
    await diagnosticsOf(document, ({ length }) => length === 1);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 4), 'quit');
    await vscode.workspace.applyEdit(edit);
    await diagnosticsOf(document, ({ length }) => length === 0);
  });

  it('are helped again after a crash of the server, by the schema of before', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'qmp-language-'));
    const server = await writeServerThatCrashesOnce(folder);
    const types = [{ name: '0', 'meta-type': 'object', members: [] }];
    const command = { name: 'only-this', 'meta-type': 'command', 'arg-type': '0', 'ret-type': '0' };
    const schema = { versionLabel: 'QEMU 42', replyText: JSON.stringify([...types, command]) };
    const client = await RunningClient.start(server, () => schema);
    try {
      const document = await openQmp('query-status');
      await diagnosticsOf(document, (found) => found.some(({ message }) => message.startsWith('QEMU 42')));
    } finally {
      await client.stop();
      await rm(folder, { recursive: true });
    }
  });
});

/** The language server, but ending at the first document that it hears of, in its first life only. */
async function writeServerThatCrashesOnce(folder: string): Promise<string> {
  const extension = vscode.extensions.getExtension('vscode-qmp.vscode-qmp');
  assert.ok(extension, 'the extension is not installed');
  const server = path.join(extension.extensionPath, 'dist', 'server.cjs');
  const file = path.join(folder, 'server.cjs');
  const crashed = JSON.stringify(path.join(folder, 'crashed'));
  const lines = [
    "const { existsSync, writeFileSync } = require('node:fs');",
    "process.on('message', ({ method }) => {",
    `  if (method !== 'textDocument/didOpen' || existsSync(${crashed})) return;`,
    `  writeFileSync(${crashed}, '');`,
    '  process.exit(3);',
    '});',
    `require(${JSON.stringify(server)});`,
  ];
  await writeFile(file, lines.join('\n'));
  return file;
}
