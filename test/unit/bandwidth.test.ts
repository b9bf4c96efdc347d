import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBandwidth } from '../../src/shared/bandwidth.ts';

const accepted: [string, number | bigint][] = [
  ['125000000', 125_000_000],
  [' 125000000 ', 125_000_000],
  ['100MiB/s', 104_857_600],
  ['100 MiB/s', 104_857_600],
  ['100 mib/s', 13_107_200],
  ['100 MB/s', 100_000_000],
  ['100MBps', 100_000_000],
  ['100Mbps', 12_500_000],
  ['100 mbps', 12_500_000],
  ['1Gbit/s', 125_000_000],
  ['1 gbit', 125_000_000],
  ['10 Gbps', 1_250_000_000],
  ['1.5GiB/s', 1_610_612_736],
  ['0.5 GB/s', 500_000_000],
  ['0.1 GiB/s', 107_374_182],
  ['1 Gibit/s', 134_217_728],
  ['2 Mbytes', 2_000_000],
  ['1000', 1000],
  ['8000 bit/s', 1000],
  ['18446744073709551615', 18_446_744_073_709_551_615n],
  ['9007199254740993', 9_007_199_254_740_993n],
];

for (const [text, bytes] of accepted) {
  test(`reads "${text}" as ${bytes} bytes per second`, () => {
    assert.equal(parseBandwidth(text), bytes);
  });
}

const refused: [string, typeof SyntaxError | typeof RangeError, RegExp][] = [
  ['', SyntaxError, /empty/],
  ['   ', SyntaxError, /empty/],
  ['MiB/s', SyntaxError, /does not start with a number/],
  ['NaN', SyntaxError, /does not start with a number/],
  ['Infinity', SyntaxError, /does not start with a number/],
  ['.5 GB/s', SyntaxError, /does not start with a number/],
  ['1e9', SyntaxError, /exponents/],
  ['+5', SyntaxError, /sign/],
  ['1,5 GB/s', SyntaxError, /decimal point/],
  ['1G', SyntaxError, /1Gbit\/s or 1GB\/s/],
  ['10 g/s', SyntaxError, /10Gbit\/s or 10GB\/s/],
  ['1Mi', SyntaxError, /1Mibit\/s or 1MiB\/s/],
  ['5 apples', SyntaxError, /"apples" is not a unit/],
  ['5 MB/h', SyntaxError, /not a unit/],
  ['5 iB/s', SyntaxError, /not a unit/],
  ['1000.5', SyntaxError, /fraction of a byte/],
  ['1'.repeat(100), SyntaxError, /too long/],
  ['-1', RangeError, /negative/],
  ['−1', RangeError, /negative/],
  ['0', RangeError, /not declared/],
  ['0.0 MB/s', RangeError, /not declared/],
  ['1', RangeError, /threshold is 0/],
  ['999', RangeError, /threshold is 0/],
  ['7999 bit/s', RangeError, /threshold is 0/],
  ['0.0001 B/s', RangeError, /less than one byte/],
  ['18446744073709551616', RangeError, /2\^64−1/],
  ['100000 PB/s', RangeError, /2\^64−1/],
];

for (const [text, kind, message] of refused) {
  test(`refuses "${text.slice(0, 30)}" and says why`, () => {
    assert.throws(
      () => parseBandwidth(text),
      (error) => error instanceof kind && message.test(error.message),
    );
  });
}

test('a small max-bandwidth is a limit like any other', () => {
  assert.equal(parseBandwidth('999', 'max-bandwidth'), 999);
  assert.throws(() => parseBandwidth('0', 'max-bandwidth'), /no limit/);
});

test('every integer up to 2^64−1 stays exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1000n, max: 2n ** 64n - 1n }), (bytes) => {
      assert.equal(BigInt(parseBandwidth(String(bytes))), bytes);
    }),
  );
});

test('never anything but a number in range, a SyntaxError or a RangeError', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        assert.ok(BigInt(parseBandwidth(text)) >= 1000n);
      } catch (error) {
        assert.ok(error instanceof SyntaxError || error instanceof RangeError, String(error));
      }
    }),
  );
});
