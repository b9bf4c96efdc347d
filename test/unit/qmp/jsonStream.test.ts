import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../../../src/qmp/errors.ts';
import { JsonStream } from '../../../src/qmp/jsonStream.ts';
import { cpuMs } from '../../support/cpuMs.ts';

function read(chunks: Iterable<Buffer>, maxMessageBytes = 1 << 20): string[] {
  const stream = new JsonStream({ maxMessageBytes });
  const texts: string[] = [];
  for (const chunk of chunks) stream.push(chunk, (text) => texts.push(text));
  return texts;
}

function bytewise(text: string): Buffer[] {
  return [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
}

/** JSON objects with every kind of string: quotes, backslashes, braces, several bytes per character. */
const message = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }))
  .map((value) => JSON.stringify(value));
const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

test('any chunking of any messages gives the same texts', () => {
  const property = fc.property(
    fc.array(fc.tuple(message, blank)),
    fc.array(fc.nat({ max: 40 })),
    (messages, cuts) => {
      const bytes = Buffer.from(messages.map(([text, space]) => text + space).join(''));
      const chunks: Buffer[] = [];
      let from = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(from, from + cut));
        from += cut;
      }
      chunks.push(bytes.subarray(from));
      assert.deepEqual(
        read(chunks),
        messages.map(([text]) => text),
      );
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test('byte by byte is a chunking too, also through multi-byte characters and escapes', () => {
  const property = fc.property(fc.array(message), (messages) => {
    assert.deepEqual(read(bytewise(messages.join('\r\n'))), messages);
  });
  fc.assert(property);
  const text = '{"a": "\\\\\\"}{😀ü\\u00fc[", "}": ["]"]}';
  assert.deepEqual(read(bytewise(text)), [text]);
});

test('every place to cut a text with escapes and characters of several bytes in two', () => {
  const text = '{"\\"é\\\\": "😀\\\\\\"{"} {"x":{"y":[{}]}}';
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const texts = read([bytes.subarray(0, cut), bytes.subarray(cut)]);
    assert.equal(texts.join(' '), text, `cut at ${cut}`);
  }
});

test('what completes before the fault is delivered first', () => {
  const texts: string[] = [];
  const stream = new JsonStream({ maxMessageBytes: 100 });
  assert.throws(
    () => stream.push(Buffer.from('{"a":1}{"b":2} x'), (text) => texts.push(text)),
    ProtocolError,
  );
  assert.deepEqual(texts, ['{"a":1}', '{"b":2}']);
});

test('a peer that sends something else is refused at its first byte, and quoted', () => {
  for (const text of [
    'HTTP/1.1 400 Bad Request\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    '[1]',
    '"x"',
    '\0',
    '\xff\xfb',
  ]) {
    const start = JSON.stringify(text.slice(0, 8)).slice(0, -1);
    assert.throws(
      () => read([Buffer.from(text, 'latin1')]),
      (error: unknown) => error instanceof ProtocolError && error.message.includes(start),
      text,
    );
  }
});

test('a message of the allowed length passes, one byte more does not', () => {
  const text = `{"a":"${'x'.repeat(92)}"}`;
  assert.equal(text.length, 100);
  assert.deepEqual(read([Buffer.from(text)], 100), [text]);
  assert.deepEqual(read(bytewise(text), 100), [text]);
  assert.throws(() => read([Buffer.from(text)], 99), /more than 99 bytes/);
  assert.throws(() => read(bytewise(text), 99), /more than 99 bytes/);
});

test('a message without end is refused while it comes, in any chunking, and nothing of it is kept', () => {
  for (const size of [1, 7, 65536]) {
    const stream = new JsonStream({ maxMessageBytes: 100_000 });
    const chunk = Buffer.alloc(size, 'x');
    stream.push(Buffer.from('{"a":"'), () => {});
    let pushed = 0;
    assert.throws(() => {
      for (; pushed < 200_000_000; pushed += size) stream.push(chunk, () => {});
    }, /more than 100000 bytes/);
    assert.ok(pushed <= 100_000 + size, `${pushed} bytes taken`);
    assert.equal(stream.bytesHeld, 0);
  }
});

test('nesting is allowed to 1024 levels', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
  assert.equal(read([Buffer.from(nested(1024))]).length, 1);
  assert.throws(() => read([Buffer.from(nested(1025))]), /nested deeper than 1024 levels/);
  assert.throws(() => read(bytewise(`{"a":${'['.repeat(2000)}`)), /nested deeper than 1024 levels/);
  assert.deepEqual(read([Buffer.from(`{"a":"${'['.repeat(2000)}"}`)]).length, 1);
});

test('a message of 50 MB in pieces of 64 KiB takes linear time and no room afterwards', () => {
  const stream = new JsonStream({ maxMessageBytes: 128 << 20 });
  const item = '{"name": "abc", "path": "/machine/unattached/device[12]", "size": 123456},';
  const text = `{"return": [${item.repeat(Math.floor(50e6 / item.length))}{}]}`;
  const bytes = Buffer.from(text);
  let received = '';
  const ms = cpuMs(() => {
    for (let at = 0; at < bytes.length; at += 65536) {
      stream.push(bytes.subarray(at, at + 65536), (message) => {
        received = message;
      });
    }
  });
  assert.equal(received.length, text.length);
  assert.equal(received === text, true);
  assert.equal(stream.bytesHeld, 0);
  assert.ok(ms < 5000, `took ${ms} ms`);
});
