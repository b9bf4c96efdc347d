import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExact, stringifyExact } from '../../../src/qmp/exactJson.ts';
import { cpuMs } from '../../support/cpuMs.ts';

const LARGEST = 2n ** 64n - 1n;

test('integers are exact up to 2^64-1, both ways', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: LARGEST }), (value) => {
      const text = `{"v": [${value}]}`;
      const parsed = parseExact(text);
      assert.equal(stringifyExact(parsed), `{"v":[${value}]}`);
    }),
  );
});

test('an integer is a number while it is safe and a bigint beyond', () => {
  const cases: [string, number | bigint][] = [
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', LARGEST],
    ['-9223372036854775808', -(2n ** 63n)],
    ['0', 0],
  ];
  for (const [text, value] of cases) assert.equal(parseExact(text), value, text);
});

test('-0 and doubles are what JSON.parse makes of them', () => {
  assert.ok(Object.is(parseExact('-0'), -0));
  assert.ok(Object.is((parseExact('[-0, 18446744073709551615]') as unknown[])[0], -0));
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (value, slow) => {
      const printed = value.toExponential(16);
      for (const text of [String(value), printed]) {
        const parsed = parseExact(slow ? `[${text}, 18446744073709551615]` : `[${text}]`) as unknown[];
        assert.equal(Number(parsed[0]), Number(text));
      }
    }),
  );
  assert.deepEqual(parseExact('{"mbps": 218.40799999999999, "t": 1234567890123456.5}'), {
    mbps: 218.40799999999999,
    t: 1234567890123456.5,
  });
});

test('a long integer is found wherever it stands, among short numbers, doubles and text', () => {
  const item = fc.oneof(
    fc.nat().map(String),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: 0.1, max: 1000 })
      .map((value) => value.toPrecision(17)),
    fc.string({ maxLength: 20 }).map((value) => JSON.stringify(value)),
    fc.constant('"1234567890123456789012345678901234567890"'),
  );
  fc.assert(
    fc.property(
      fc.array(item),
      fc.array(item),
      fc.bigInt({ min: 10n ** 16n, max: LARGEST }),
      (before, after, value) => {
        const parsed = parseExact(`[${[...before, value, ...after].join()}]`) as unknown[];
        assert.equal(parsed[before.length], value);
      },
    ),
  );
});

test('digits inside strings stay text', () => {
  const text = '{"a": "18446744073709551616", "b\\\\": "\\"12345678901234567890", "c": "\\\\"}';
  assert.deepEqual(parseExact(text), {
    a: '18446744073709551616',
    'b\\': '"12345678901234567890',
    c: '\\',
  });
});

test('a long integer after strings that end in backslashes or quotes is still found', () => {
  for (const string of ['"\\\\"', '"\\""', '"a\\\\\\""', '""']) {
    const text = `[${string}, 18446744073709551615]`;
    assert.equal((parseExact(text) as unknown[])[1], LARGEST, text);
  }
});

test('any JSON value is what JSON.parse makes of it, beside a long integer too', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const expected: unknown = JSON.parse(text);
      assert.deepEqual(parseExact(`[${text}, 18446744073709551615]`), [exactly(expected), LARGEST]);
    }),
  );
});

test('of equal keys the last counts, whether or not the text holds a long integer', () => {
  assert.deepEqual(parseExact('{"a": 1, "a": 2}'), { a: 2 });
  assert.deepEqual(parseExact('{"a": 1, "a": 18446744073709551615}'), { a: LARGEST });
  assert.deepEqual(parseExact('{"a": {"b": 1}, "a": {"b": 2}, "c": 18446744073709551615}'), {
    a: { b: 2 },
    c: LARGEST,
  });
});

test('a key named __proto__ is a key like any other', () => {
  for (const text of [
    '{"__proto__": {"polluted": 1}}',
    '{"__proto__": {"polluted": 18446744073709551615}}',
  ]) {
    const value = parseExact(text) as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.ok(Object.hasOwn(value, '__proto__'));
    assert.equal(value['polluted'], undefined);
    assert.equal(stringifyExact(value), text.replaceAll(' ', ''));
  }
});

test('what is not one JSON text throws a SyntaxError, with and without long integers', () => {
  for (const text of [
    '',
    '{',
    '{"a":}',
    '[1,]',
    '{1234567890123456789: 1}',
    '[01234567890123456789]',
    '[1234567890123456789',
    '12345678901234567890 1',
    '-',
    'nul',
    '["1234567890123456789]',
  ]) {
    assert.throws(() => parseExact(text), SyntaxError, text);
  }
});

test('an integer of absurd length is refused instead of computed', () => {
  const text = `[${'9'.repeat(20_000_000)}]`;
  const ms = cpuMs(() => assert.throws(() => parseExact(text), SyntaxError));
  assert.ok(ms < 2000, `took ${ms} ms`);
});

test('a string of tens of MB that holds digits parses in about the time of JSON.parse', () => {
  const text = JSON.stringify({ return: `${'x'.repeat(30e6)}1234567890123456` });
  const ms = cpuMs(() => assert.equal((parseExact(text) as { return: string }).return.length, 30e6 + 16));
  assert.ok(ms < 2000, `took ${ms} ms`);
});

test('stringifyExact leaves out what is undefined and refuses what has no JSON text', () => {
  assert.equal(
    stringifyExact({ a: undefined, b: [LARGEST], c: 'ü"\n' }),
    '{"b":[18446744073709551615],"c":"ü\\"\\n"}',
  );
  assert.equal(stringifyExact({ a: 1n }, 2), '{\n  "a": 1\n}');
  assert.throws(() => stringifyExact(undefined), TypeError);
});

/** What our parser promises for what JSON.parse made of the text that JSON.stringify prints. */
function exactly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exactly);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exactly(item)]));
}
