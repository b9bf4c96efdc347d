import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from '../../../src/language/parseDocument.ts';
import { plainValue } from '../../../src/language/syntaxTree.ts';
import { cpuMs } from '../../support/cpuMs.ts';

const names = (text: string) => parseDocument(text).commands.map(({ name }) => name?.text);
const args = (text: string) => {
  const [command] = parseDocument(text).commands;
  return command?.arguments && plainValue(command.arguments);
};

test('commands in both forms, between comments and empty lines', () => {
  const text = [
    '# set up',
    'migrate-set-parameters downtime-limit=300 # not much',
    '',
    '{"execute": "query-status"} {"execute": "stop"}',
    '// another comment',
    '{',
    '  "execute": "migrate", // on the spot',
    '  # "arguments": {"uri": "tcp:a:1"}',
    '  "arguments": {"uri": "tcp:b:2"}',
    '}',
    '/* the',
    'end */',
    'quit',
  ].join('\n');
  const document = parseDocument(text);
  assert.deepEqual(names(text), ['migrate-set-parameters', 'query-status', 'stop', 'migrate', 'quit']);
  assert.deepEqual(document.problems, []);
  assert.deepEqual(
    document.commands.flatMap(({ problems }) => problems),
    [],
  );
});

test('spans are exact', () => {
  const text = '\n  {"execute": "stop"}\nmigrate  uri=tcp:h:1  ';
  const [stop, migrate] = parseDocument(text).commands;
  assert.equal(text.slice(stop?.start, stop?.end), '{"execute": "stop"}');
  assert.equal(text.slice(stop?.name?.start, stop?.name?.end), '"stop"');
  assert.equal(text.slice(migrate?.start, migrate?.end), 'migrate  uri=tcp:h:1');
  const uri = migrate?.arguments?.members[0];
  assert.equal(text.slice(uri?.key.start, uri?.key.end), 'uri');
  assert.equal(text.slice(uri?.value?.start, uri?.value?.end), 'tcp:h:1');
});

test('a half-typed command leaves the ones after it alone', () => {
  const halves = [
    '{"execute": "mig',
    '{"execute": "migrate", "arguments": {"uri": ',
    '{',
    '{"execute": [[',
    'migrate uri="tcp',
  ];
  for (const half of halves) {
    assert.deepEqual(
      names(`${half}\n\nquery-status\n{"execute": "stop"}`).slice(-2),
      ['query-status', 'stop'],
      half,
    );
    assert.deepEqual(names(`${half}\n  {"execute":\n"stop"}`).slice(-1), ['stop'], half);
  }
});

test('lists of plain words over several lines do not end a command', () => {
  const text = '{"execute": "x", "arguments": {"a": [\ntrue,\nfalse,\nnull\n]}}';
  assert.deepEqual(args(text), { a: [true, false, null] });
});

test('the values of the short form', () => {
  assert.deepEqual(
    args('x a=1 b=-2 c=true d=False e=null f=text g="quoted text" h={"i": [1, 2]} j=tcp:h:1'),
    {
      a: 1,
      b: -2,
      c: true,
      d: false,
      e: null,
      f: 'text',
      g: 'quoted text',
      h: { i: [1, 2] },
      j: 'tcp:h:1',
    },
  );
  assert.deepEqual(args('x a.b.c=1 a.b.d=2 a.e=3'), { a: { b: { c: 1, d: 2 }, e: 3 } });
  assert.deepEqual(args('x uri=exec:cat=1'), { uri: 'exec:cat=1' }, 'only the first equals sign parts');
});

test('a comment without its end reaches to the end of the document', () => {
  for (const text of ['{/*', '{"execute": "stop" /* why', 'query-status\n/* on and on\nstop']) {
    assert.ok(parseDocument(text).commands.length <= 1, text);
  }
});

test('what is neither is told and stepped over', () => {
  const document = parseDocument('}\nquery-status\n[1]\n');
  assert.equal(document.problems.length, 2);
  assert.deepEqual(names('}\nquery-status\n[1]\n'), ['query-status']);
});

test('endless nesting is refused in words', () => {
  const [command] = parseDocument(`{"execute": ${'['.repeat(200_000)}`).commands;
  assert.match(command?.problems[0]?.message ?? '', /1024 levels/);
});

test('no text makes it throw, and every command of it lies in order within the text', () => {
  const piece = fc.constantFrom(
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
    '"execute"',
    'query-status',
    'a=1',
    '/*',
    '//',
    '-1',
    'é',
    '😀',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      let end = 0;
      for (const command of parseDocument(text).commands) {
        assert.ok(command.start >= end && command.end > command.start && command.end <= text.length, text);
        end = command.end;
      }
    }),
    { numRuns: 2000 },
  );
});

test('an unfinished line never hides a command in the lines below', () => {
  const start = fc.string({ maxLength: 60 }).filter((line) => !/[\n\r]/.test(line) && !line.includes('/*'));
  fc.assert(
    fc.property(start, (line) => {
      assert.deepEqual(names(`${line}\nquery-status`).at(-1), 'query-status');
    }),
    { numRuns: 1000 },
  );
});

test('a document of thousands of lines is read in a moment, whatever they are', () => {
  for (const line of ['{}', '{', '}', '[', 'stop', '{"execute": "stop"}', '/*', '#', '"', '{"a": [']) {
    const text = `${line}\n`.repeat(20_000);
    const ms = cpuMs(() => parseDocument(text));
    assert.ok(ms < 2000, `${line}: ${ms.toFixed(0)} ms`);
  }
});
