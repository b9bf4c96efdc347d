import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAddress,
  isLocalAddress,
  type MonitorAddress,
  parseAddress,
} from '../../../src/qmp/address.ts';
import { MonitorConnectError } from '../../../src/qmp/errors.ts';

test('reads every form of address, and options pasted from a QEMU command line', () => {
  const cases: [string, MonitorAddress][] = [
    ['unix:/run/vm.sock', { kind: 'unix', path: '/run/vm.sock' }],
    ['  /run/vm.sock ', { kind: 'unix', path: '/run/vm.sock' }],
    ['unix:/run/vm.sock,server=on,wait=off', { kind: 'unix', path: '/run/vm.sock' }],
    ['unix:/run/vm.sock,server,nowait', { kind: 'unix', path: '/run/vm.sock' }],
    ['unix:/run/a,b.sock', { kind: 'unix', path: '/run/a,b.sock' }],
    ['unix:/run/mit Leerzeichen', { kind: 'unix', path: '/run/mit Leerzeichen' }],
    ['tcp:localhost:4444', { kind: 'tcp', host: 'localhost', port: 4444 }],
    ['tcp:LocalHost:4444,server=on', { kind: 'tcp', host: 'localhost', port: 4444 }],
    ['tcp:[::1]:65535', { kind: 'tcp', host: '::1', port: 65535 }],
    ['tcp:[fe80::1%eth0]:1', { kind: 'tcp', host: 'fe80::1%eth0', port: 1 }],
  ];
  for (const [text, address] of cases) assert.deepEqual(parseAddress(text), address, text);
});

test('the canonical text reads as the same address', () => {
  for (const text of ['unix:/a b', 'tcp:h:1', 'tcp:[::1]:4444', '/run/x']) {
    const address = parseAddress(text);
    assert.deepEqual(parseAddress(formatAddress(address)), address, text);
  }
});

test('knows the addresses of this machine', () => {
  for (const text of ['/run/x', 'tcp:localhost:1', 'tcp:127.1.2.3:1', 'tcp:[::1]:1']) {
    assert.equal(isLocalAddress(parseAddress(text)), true, text);
  }
  for (const text of ['tcp:example:1', 'tcp:10.0.0.1:1', 'tcp:127.0.0.1.evil:1']) {
    assert.equal(isLocalAddress(parseAddress(text)), false, text);
  }
});

test('each bad address is refused with what is wrong and what to write', () => {
  const long = `/${'x'.repeat(107)}`;
  const cases: [string, RegExp][] = [
    ['', /"" is not the address of a QMP monitor.*unix:\/path\/to\/socket or tcp:host:port/],
    ['localhost:4444', /"localhost:4444" is not the address of a QMP monitor.*tcp:host:port/],
    ['http://x/', /not the address of a QMP monitor/],
    ['UNIX', /not the address of a QMP monitor/],
    ['unix:', /takes an absolute path/],
    ['unix:relative', /"unix:relative".*takes an absolute path/],
    ['/', /takes an absolute path/],
    ['unix:/', /takes an absolute path/],
    ['unix:@abstract', /abstract socket can not be opened/],
    [long, /at most 107 bytes/],
    [`unix:${long}`, /at most 107 bytes/],
    [`unix:/${'ü'.repeat(60)}`, /at most 107 bytes/],
    ['unix:/tmp/a\0b', /NUL/],
    ['tcp:', /not a host and a port from 1 to 65535/],
    ['tcp:host', /not a host and a port/],
    ['tcp:host:', /not a host and a port/],
    ['tcp::4444', /not a host and a port/],
    ['tcp:host:0', /not a host and a port/],
    ['tcp:host:65536', /not a host and a port/],
    ['tcp:host:4444x', /not a host and a port/],
    ['tcp:host:-1', /not a host and a port/],
    ['tcp:::1:4444', /An IPv6 address goes in brackets/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseAddress(text),
      (error: unknown) => {
        assert.ok(error instanceof MonitorConnectError, text);
        assert.equal(error.reason, 'bad-address', text);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
