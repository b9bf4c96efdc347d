import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chartHtml } from '../../../src/extension/charts/chartHtml.ts';
import { wrap } from '../../../src/webview/capture.ts';
import { readViewState } from '../../../src/webview/viewState.ts';

describe('chartHtml', () => {
  const html = chartHtml({
    cspSource: 'https://source.test',
    scriptUri: 'https://source.test/a"b.js',
    styleUris: ['https://source.test/a.css', 'https://source.test/b.css'],
    nonce: 'N0nce',
  });

  test('allows nothing but our script and style sheets', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const sources = new Map(
      policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
    );
    assert.equal(sources.get('default-src'), "'none'");
    assert.equal(sources.get('script-src'), "'nonce-N0nce'");
    assert.equal(sources.get('style-src'), 'https://source.test');
    assert.doesNotMatch(policy, /unsafe|\*/);
  });

  test('links every style sheet and lets no address out of its attribute', () => {
    assert.equal(html.match(/<link rel="stylesheet"/g)?.length, 2);
    assert.match(html, /src="https:\/\/source\.test\/a&quot;b\.js"/);
  });
});

describe('readViewState', () => {
  test('keeps what it knows', () => {
    const saved = {
      restore: 'run',
      unit: 'Mbit/s',
      scrollTop: 12,
      wholeRange: false,
      hidden: ['estimate', 'gone'],
    };
    assert.deepEqual(readViewState(saved), { ...saved, hidden: ['estimate'] });
  });

  test('falls back to the defaults for anything else', () => {
    const defaults = { scrollTop: 0, hidden: [] };
    for (const saved of [
      undefined,
      null,
      1,
      'x',
      { unit: 'GB', scrollTop: -1, hidden: 3, wholeRange: 'yes' },
    ]) {
      assert.deepEqual(readViewState(saved), defaults);
    }
  });
});

describe('wrap', () => {
  const perLetter = (text: string): number => text.length;

  test('breaks between words', () => {
    assert.deepEqual(wrap('one two three', 7, perLetter), ['one two', 'three']);
  });

  test('leaves a word that is too long on a line of its own', () => {
    assert.deepEqual(wrap('a incomprehensible b', 5, perLetter), ['a', 'incomprehensible', 'b']);
  });

  test('makes no line of nothing', () => {
    assert.deepEqual(wrap('', 5, perLetter), []);
  });
});
