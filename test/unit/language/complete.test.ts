import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bundledService, MarkedDocument } from './support/marked.ts';

const service = bundledService();
const at = (marked: string): MarkedDocument => new MarkedDocument(service, marked);

describe('command names', () => {
  test('on an empty line, and while one is typed', () => {
    assert.equal(at('|').accept('query-migrate'), 'query-migrate');
    assert.equal(at('# a comment\nquery-mi|').accept('query-migrate'), '# a comment\nquery-migrate');
    assert.equal(at('query-status\n\n|\n\nquit').accept('stop'), 'query-status\n\nstop\n\nquit');
  });

  test('in JSON', () => {
    assert.equal(at('{"execute": "|"}').accept('cont'), '{"execute": "cont"}');
    assert.equal(at('{"execute": "query-mi|"}').accept('query-migrate'), '{"execute": "query-migrate"}');
    assert.equal(at('{"execute": |}').accept('cont'), '{"execute": "cont"}');
    assert.equal(at('{"execute": query|}').accept('query-status'), '{"execute": "query-status"}');
  });

  test('a text without its closing quote does not swallow what follows', () => {
    assert.equal(at('{"execute": "con|}').accept('cont'), '{"execute": "cont"}');
  });

  test('the members of a command', () => {
    assert.equal(at('{|}').accept('execute'), '{"execute": }');
    assert.equal(at('{"execute": "stop", "a|"}').accept('arguments'), '{"execute": "stop", "arguments": }');
    assert.ok(
      !at('{"execute": "stop", |}').labels().includes('execute'),
      'what is there is not offered again',
    );
  });

  test('not in comments', () => {
    assert.deepEqual(at('# qu|').labels(), []);
  });
});

describe('arguments', () => {
  test('in the short form', () => {
    assert.equal(
      at('migrate-set-parameters avail|').accept('avail-switchover-bandwidth'),
      'migrate-set-parameters avail-switchover-bandwidth=',
    );
    assert.equal(
      at('migrate-set-parameters downtime-limit=300 |').accept('max-bandwidth'),
      'migrate-set-parameters downtime-limit=300 max-bandwidth=',
    );
    assert.equal(
      at('migrate-set-parameters dow|=300').accept('downtime-limit'),
      'migrate-set-parameters downtime-limit=300',
    );
  });

  test('those given are not offered again', () => {
    assert.ok(!at('migrate-set-parameters downtime-limit=300 |').labels().includes('downtime-limit'));
    const json = at('{"execute": "migrate-set-parameters", "arguments": {"downtime-limit": 300, |}}');
    assert.ok(!json.labels().includes('downtime-limit'));
    assert.ok(json.labels().includes('max-bandwidth'));
  });

  test('in JSON, also while braces are missing', () => {
    const open = '{"execute": "migrate-set-parameters", "arguments": {';
    const name = 'avail-switchover-bandwidth';
    assert.equal(at(`${open}"av|"}}`).accept(name), `${open}"${name}": }}`);
    assert.equal(at(`${open}|`).accept(name), `${open}"${name}": `);
    assert.equal(at(`${open}"av|": 5}}`).accept(name), `${open}"${name}": 5}}`);
    assert.equal(
      at(`${open}\n  "av|\n\nquery-status`).accept(name),
      `${open}\n  "${name}": \n\nquery-status`,
    );
  });

  test('required ones come first, and each says its type or unit', () => {
    const [first] = at('device_add |')
      .complete()
      .sort((one, other) => (one.sortText ?? '').localeCompare(other.sortText ?? ''));
    assert.equal(first?.label, 'driver');
    const bandwidth = at('migrate-set-parameters |')
      .complete()
      .find(({ label }) => label === 'max-bandwidth');
    assert.equal(bandwidth?.detail, 'integer, B/s');
  });

  test('the variant that is chosen decides', () => {
    assert.ok(at('netdev_add type=tap |').labels().includes('ifname'));
    assert.ok(!at('netdev_add type=user |').labels().includes('ifname'));
    const nested =
      '{"execute": "migrate", "arguments": {"channels": [{"addr": {"transport": "socket", "type": "inet", |}}]}}';
    assert.deepEqual(
      at(nested)
        .labels()
        .filter((label) => ['host', 'path', 'args'].includes(label)),
      ['host'],
    );
  });

  test('nested ones with dots in the short form', () => {
    const text = 'blockdev-add driver=qcow2 file.driver=file file.|';
    assert.equal(at(text).accept('filename'), 'blockdev-add driver=qcow2 file.driver=file file.filename=');
  });
});

describe('values', () => {
  test('of enums and booleans', () => {
    assert.equal(
      at('migrate-set-parameters multifd-compression=|').accept('zstd'),
      'migrate-set-parameters multifd-compression=zstd',
    );
    const json = '{"execute": "migrate-set-parameters", "arguments": {"mode": |}}';
    assert.equal(at(json).accept('cpr-reboot'), json.replace('|', '"cpr-reboot"'));
    assert.deepEqual(at('migrate-set-parameters direct-io=|').labels(), ['true', 'false']);
  });

  test('inside a list', () => {
    const json = (value: string): string =>
      `{"execute": "migrate-set-capabilities", "arguments": {"capabilities": [{"capability": ${value}, "state": true}]}}`;
    assert.equal(at(json('"ev|"')).accept('events'), json('"events"'));
  });

  test('bandwidths of usual links', () => {
    const text = 'migrate-set-parameters avail-switchover-bandwidth=|';
    assert.equal(at(text).accept('1250000000'), text.replace('|', '1250000000'));
    assert.match(at(text).complete()[0]?.detail ?? '', /1 Gbit\/s = 119 MiB\/s/);
  });
});
