import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import {
  type CompletionList,
  createConnection,
  createProtocolConnection,
  type FullDocumentDiagnosticReport,
  type Hover,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import { bundledSchema } from '../../../src/qapi/bundledSchema.ts';
import { serve } from '../../../src/server/serve.ts';
import { USE_SCHEMA_REQUEST, type UseSchemaResult } from '../../../src/shared/languageProtocol.ts';

const URI = 'file:///vm.qmp';

/** A client that has shaken hands with the server over streams. */
async function connected(t: TestContext): Promise<ProtocolConnection> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  serve(server);
  const client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
    console,
  );
  t.after(() => {
    client.dispose();
    server.dispose();
  });
  client.listen();
  const capabilities = { workspace: { diagnostics: { refreshSupport: true } } };
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities });
  await client.sendNotification('initialized', {});
  return client;
}

async function open(client: ProtocolConnection, text: string, uri = URI): Promise<void> {
  const textDocument = { uri, languageId: 'qmp', version: 1, text };
  await client.sendNotification('textDocument/didOpen', { textDocument });
}

async function messages(client: ProtocolConnection, uri = URI): Promise<string[]> {
  const report = await client.sendRequest<FullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument: { uri },
  });
  return report.items.map(({ message }) => message);
}

test('completion, hover and diagnostics of an open document, also after an edit', async (t) => {
  const client = await connected(t);
  await open(client, 'quti');
  assert.match((await messages(client))[0] ?? '', /Did you mean "quit"\?/);
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ text: 'migrate-set-parameters downtime-limit=300' }],
  });
  assert.deepEqual(await messages(client), []);
  const at = { textDocument: { uri: URI }, position: { line: 0, character: 25 } };
  const hover = await client.sendRequest<Hover>('textDocument/hover', at);
  assert.match(JSON.stringify(hover.contents), /downtime-limit/);
  const items = await client.sendRequest<CompletionList['items']>('textDocument/completion', at);
  assert.ok(items.some(({ label }) => label === 'max-bandwidth'));
});

test('the schema of a VM takes the place of the bundled one, and the editor asks again', async (t) => {
  const client = await connected(t);
  await open(client, 'query-status');
  assert.deepEqual(await messages(client), []);
  const refreshed = new Promise<void>((resolve) => {
    client.onRequest('workspace/diagnostic/refresh', () => {
      resolve();
      return null;
    });
  });
  const types = [{ name: '0', 'meta-type': 'object', members: [] }];
  const command = { name: 'only-this', 'meta-type': 'command', 'arg-type': '0', 'ret-type': '0' };
  const result = await client.sendRequest<UseSchemaResult>(USE_SCHEMA_REQUEST, {
    versionLabel: 'QEMU 42.0.0',
    replyText: JSON.stringify({ return: [...types, command] }),
  });
  assert.deepEqual(result, { commandCount: 1 });
  await refreshed;
  assert.match((await messages(client))[0] ?? '', /^QEMU 42\.0\.0 has no command "query-status"/);
});

test('what is no schema is refused, and the one before stays', async (t) => {
  const client = await connected(t);
  await open(client, 'query-status');
  client.onRequest('workspace/diagnostic/refresh', () => null);
  const refused = client.sendRequest(USE_SCHEMA_REQUEST, {
    versionLabel: 'QEMU 1',
    replyText: '{"return": {}}',
  });
  await assert.rejects(refused, /QEMU 1: .*no list of entries/);
  assert.deepEqual(await messages(client), []);
  const taken = await client.sendRequest<UseSchemaResult>(USE_SCHEMA_REQUEST, bundledSchema());
  assert.equal(taken.commandCount, 233);
});

test('commands that were run already are not diagnosed, and unknown documents are none', async (t) => {
  const client = await connected(t);
  await open(client, 'quti', 'vscode-notebook-cell:/console#1');
  assert.deepEqual(await messages(client, 'vscode-notebook-cell:/console#1'), []);
  assert.deepEqual(await messages(client, 'file:///never-opened.qmp'), []);
});
