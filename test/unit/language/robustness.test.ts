import { test } from 'node:test';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { bundledService } from './support/marked.ts';

const service = bundledService();

const SAMPLES = [
  '{"execute": "migrate", "arguments": {"channels": [{"channel-type": "main", "addr": {"transport": "socket", "type": "inet", "host": "h", "port": "1"}}]}}',
  'netdev_add type=tap id=n ifname=tap0 vhost=true',
  'migrate-set-parameters avail-switchover-bandwidth=-1 downtime-limit=1e3 tls-creds=null block-bitmap-mapping=[{"node-name":"n"}]',
  '{\n  "execute": "migrate-set-capabilities",\n  "arguments": {"capabilities": [{"capability": "events", "state": true}]}\n}',
  'query-status\n# comment\n{"exec-oob": "migrate-pause", "id": 1}',
];

const noise = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\n',
  ' ',
  '#',
  '=',
  '.',
  '\\',
  '-',
  '1',
  'é',
  '😀',
  '',
);

test('nothing that is typed makes completion, hover or diagnostics throw', () => {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), at, at, noise, at, (sample, from, length, inserted, cursor) => {
      const start = Math.floor(from * sample.length);
      const end = start + Math.floor(length * 12);
      const text = sample.slice(0, start) + inserted + sample.slice(end);
      const document = TextDocument.create('file:///t.qmp', 'qmp', 1, text);
      const parsed = service.parse(document);
      const position = document.positionAt(Math.floor(cursor * (text.length + 1)));
      for (const item of service.complete(document, parsed, position)) {
        // Throws when the range does not fit.
        if (item.textEdit && 'range' in item.textEdit) TextDocument.applyEdits(document, [item.textEdit]);
      }
      service.hover(document, parsed, position);
      service.diagnose(document, parsed);
    }),
    { numRuns: 1500 },
  );
});
