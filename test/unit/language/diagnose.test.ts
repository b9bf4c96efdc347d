import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertFinding, bundledService, findings } from './support/marked.ts';

const service = bundledService();
const finding = (text: string, pattern: RegExp): void => assertFinding(service, text, pattern);
const nothing = (text: string): void => assert.deepEqual(findings(service, text), [], text);
const setParameters = (args: string): string => `{"execute": "migrate-set-parameters", "arguments": ${args}}`;

test('nothing is said of what is right', () => {
  nothing('');
  nothing('# only a comment\n');
  nothing('query-status');
  nothing('{"execute": "query-status", "id": "mine"}\n{"exec-oob": "migrate-pause"}');
  nothing('migrate-set-parameters avail-switchover-bandwidth=1250000000 downtime-limit=300');
  nothing(setParameters('{"avail-switchover-bandwidth": 18446744073709551615, "tls-creds": null}'));
  nothing(
    'migrate channels=[{"channel-type":"main","addr":{"transport":"socket","type":"unix","path":"/s"}}]',
  );
  nothing('device_add driver=virtio-net-pci id=n mq=true');
  nothing('blockdev-add driver=qcow2 node-name=disk file.driver=file file.filename=/disk.qcow2');
});

describe('commands', () => {
  test('unknown ones', () => {
    finding(
      'query-stats-foo\nquery-status',
      /^unknown-command at query-stats-foo: QEMU 10\..* has no command/,
    );
    finding('query_migrate', /Did you mean "query-migrate"\?/);
    finding('{"execute": "quti"}', /^unknown-command at "quti".*Did you mean "quit"\?/);
    assert.doesNotMatch(findings(service, 'xyzzy-plugh')[0] ?? '', /Did you mean/);
  });

  test('the object around them', () => {
    finding('{"arguments": {}}', /^missing-member at \{: .*"execute" is missing/);
    finding(
      '{"execute": "stop", "argument": {}}',
      /^unknown-member at "argument".*Did you mean "arguments"\?/,
    );
    finding('{"execute": 5}', /^wrong-type at 5/);
    finding('{"execute": "stop", "arguments": []}', /^wrong-type at \[\]/);
    finding('{"execute": "stop", "exec-oob": "stop"}', /Either "execute" or "exec-oob"/);
  });

  test('deprecated ones', () => {
    finding('query-migrationthreads', /^deprecated at query-migrationthreads: QEMU 10\..* deprecated/);
  });
});

describe('JSON', () => {
  test('what is malformed, each once', () => {
    finding('{"execute": "stop"', /^syntax at ": A closing \} is missing/);
    finding('{"execute": "migrate", "arguments": {"uri": "tcp:a:1"', /^syntax .* closing \}/);
    finding('{"execute" "stop"}', /colon is missing/);
    finding('{"execute": "stop" "id": 1}', /comma is missing/);
    finding('{"execute": \'stop\'}', /double quotes/);
    finding('{"execute": "stop"}}', /^syntax at \}: This is no command/);
    finding('{"execute": "stop", "id": 1, "id": 2}', /^syntax at "id": .*twice/);
  });

  test('what is half-typed is not also told to be incomplete', () => {
    const found = findings(service, '{"execute": "device_add", "arguments": {');
    assert.ok(
      found.every((one) => one.startsWith('syntax')),
      found.join('\n'),
    );
  });

  test('the commands after a broken one are checked', () => {
    const found = findings(service, '{"execute": "stop",\nmigrate-set-parameters downtime-limit=x');
    assert.match(found.at(-1) ?? '', /^wrong-type at x: This has to be an integer/);
  });
});

describe('arguments', () => {
  test('unknown members', () => {
    finding(
      'migrate-set-parameters avail-switchover-bandwith=125000000',
      /^unknown-member at avail-switchover-bandwith: .* Did you mean "avail-switchover-bandwidth"\?/,
    );
    finding('query-status verbose=true', /takes no members at all/);
    finding(
      setParameters('{"block-bitmap-mapping": [{"node-name": "n", "alias": "a", "bitmaps": [], "nmae": 1}]}'),
      /^unknown-member at "nmae": .*this object/,
    );
  });

  test('members of another variant, and what is wrong within one', () => {
    finding('netdev_add type=user id=n ifname=tap0', /^unknown-member at ifname/);
    const qcow2 = 'blockdev-add driver=qcow2 node-name=d lazy-refcounts=perhaps file.driver=file';
    const found = findings(service, `${qcow2} file.filename=/d`);
    assert.deepEqual(found, ['wrong-type at perhaps: This has to be true or false.']);
  });

  test('missing members', () => {
    finding('device_add id=n', /^missing-member at device_add: device_add needs "driver"/);
    finding(
      '{"execute": "qom-get", "arguments": {"path": "/"}}',
      /^missing-member at "qom-get": qom-get needs "property"/,
    );
    finding(
      '{"execute": "migrate-incoming", "arguments": {"channels": [{"channel-type": "main"}]}}',
      /^missing-member at \{: .*"addr"/,
    );
  });

  test('wrong types and values', () => {
    finding(setParameters('{"downtime-limit": "300"}'), /^wrong-type at "300": This has to be an integer/);
    finding(setParameters('{"tls-creds": 5}'), /^wrong-type at 5: This has to be a text or null/);
    finding(
      'migrate-set-parameters multifd-compression=zst',
      /^unknown-value at zst: .*Did you mean "zstd"\?/,
    );
    finding(setParameters('{"direct-io": 1}'), /^wrong-type at 1: This has to be true or false/);
  });
});

describe('numbers', () => {
  test('an integer is written with digits only', () => {
    for (const text of ['1.0', '1e3', '1.5']) {
      finding(setParameters(`{"downtime-limit": ${text}}`), new RegExp(`^not-an-integer at ${text}: `));
      finding(`migrate-set-parameters downtime-limit=${text}`, /^not-an-integer/);
    }
    finding('migrate-set-parameters max-bandwidth=18446744073709551616', /^not-an-integer .*64 bits/);
  });

  test('the ranges of migration parameters', () => {
    finding('migrate-set-parameters multifd-channels=256', /^out-of-range at 256: .*1 to 255/);
    finding('migrate-set-parameters downtime-limit=2000001', /^out-of-range at 2000001/);
    finding('migrate-set-parameters xbzrle-cache-size=100000', /^not-a-power-of-two/);
  });

  test('values that QEMU takes and nobody means', () => {
    finding(
      'migrate-set-parameters avail-switchover-bandwidth=100',
      /^threshold-zero at 100: .*bytes per second/,
    );
    finding(setParameters('{"avail-switchover-bandwidth": -1}'), /^wraps at -1: .*18446744073709551615/);
  });

  test('a bandwidth with a unit is told as the number that QMP takes', () => {
    finding('migrate-set-parameters avail-switchover-bandwidth=100MiB/s', /write 104857600 for 100MiB\/s/);
    finding(setParameters('{"max-bandwidth": "10 Gbps"}'), /write 1250000000/);
  });
});

test('arguments of one name elsewhere are not migration parameters', () => {
  nothing('{"execute": "qom-set", "arguments": {"path": "/", "property": "downtime-limit", "value": -5}}');
});
