import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarkedOutput } from '../../../src/libvirt/markedOutput.ts';
import { quoteJson } from '../../../src/libvirt/quoteJson.ts';
import { parseExact } from '../../../src/qmp/exactJson.ts';

describe('output cut at marks', () => {
  it('is the same however it is chunked', () => {
    const bytes = Buffer.from('prompt bülk 世😀 MARK-1 more MARK-2');
    for (let size = 1; size <= bytes.length; size++) {
      const output = new MarkedOutput();
      const texts: string[] = [];
      output.await('MARK-1', (first) => {
        texts.push(first);
        output.await('MARK-2', (second) => texts.push(second));
      });
      for (let at = 0; at < bytes.length; at += size) output.push(bytes.subarray(at, at + size));
      assert.deepEqual(texts, ['prompt bülk 世😀 ', ' more '], `in chunks of ${size}`);
    }
  });

  it('finds a mark that came before anybody waited for it', () => {
    const output = new MarkedOutput();
    const texts: string[] = [];
    for (const letter of 'text MARK') output.push(Buffer.from(letter));
    output.await('MARK', (text) => texts.push(text));
    output.push(Buffer.from('MARK'));
    assert.deepEqual(texts, ['text ']);
  });
});

describe('JSON as a word of virsh', () => {
  it('is printable ASCII between single quotes, and means the same', () => {
    const value = { "it's": `"\\ ; # $x \u0000 \t \n \u007f é 世 😀 \u2028`, n: 2n ** 64n - 1n };
    const word = quoteJson(value);
    assert.match(word, /^'[\x20-\x26\x28-\x7e]*'$/);
    assert.deepEqual(parseExact(word.slice(1, -1)), value);
  });
});
