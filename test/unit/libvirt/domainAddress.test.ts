import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatDomainAddress,
  isDomainAddress,
  parseDomainAddress,
} from '../../../src/libvirt/domainAddress.ts';
import { MonitorConnectError } from '../../../src/qmp/errors.ts';

describe('the address of a libvirt domain', () => {
  const local = ['qemu:///system#vm1', 'qemu:///session#my vm', 'qemu:///system?socket=/run/x#it\'s #1, "ü"'];
  const remote = [
    'qemu+ssh://host/system#vm1',
    'qemu+ssh://root@host:2222/system?keyfile=/k&no_verify=1#vm1',
    'qemu+tcp://[fe80::1]:16509/system#vm1',
    'qemu+tls://10.0.0.1/session#9b1e8f0c-0000-4000-8000-000000000000',
    'qemu://localhost/system#vm1',
  ];

  for (const [addresses, isLocal] of [
    [local, true],
    [remote, false],
  ] as const) {
    for (const text of addresses) {
      it(`${text} is ${isLocal ? 'local' : 'remote'}, and canonical`, () => {
        assert.ok(isDomainAddress(text));
        const address = parseDomainAddress(text);
        assert.equal(address.isLocal, isLocal);
        assert.equal(formatDomainAddress(address), text);
        assert.deepEqual(parseDomainAddress(formatDomainAddress(address)), address);
      });
    }
  }

  it('splits at the first #', () => {
    const { uri, domain } = parseDomainAddress('qemu:///system#a#b');
    assert.deepEqual([uri, domain], ['qemu:///system', 'a#b']);
  });

  it('has one text, however it was written', () => {
    const address = parseDomainAddress('  QEMU+SSH://Me@HOST.example/system# Vm1 ');
    assert.equal(formatDomainAddress(address), 'qemu+ssh://Me@host.example/system#Vm1');
  });

  const wrong: [text: string, says: RegExp][] = [
    ['', /is not the address/],
    ['vm1', /is not the address/],
    ['qemu:///system', /names no domain/],
    ['qemu:///system#  ', /names no domain/],
    ['qemu://#vm1', /\/system or \/session/],
    ['qemu+ssh://host#vm1', /\/system or \/session/],
    ['qemu:///system#a\nb', /one line/],
    ['xen:///system#vm1', /only libvirt's QEMU driver/],
    ['qemu+ssh://host:port/system#vm1', /"host:port" is not a host/],
    ['qemu+ssh://-oProxyCommand=x/system#vm1', /is not a host/],
    ['qemu:///sys tem#vm1', /is not the address/],
  ];
  for (const [text, says] of wrong) {
    it(`${JSON.stringify(text)} is refused with what to write instead`, () => {
      assert.throws(
        () => parseDomainAddress(text),
        (error) => {
          assert.ok(error instanceof MonitorConnectError);
          assert.equal(error.reason, 'bad-address');
          assert.match(error.message, says);
          assert.match(error.message, /qemu:\/\/\/system#vm1/);
          return true;
        },
      );
    });
  }

  it('is told from the addresses of sockets', () => {
    for (const text of ['unix:/run/vm.sock', '/run/vm.sock', 'tcp:host:4444', 'tcp:[::1]:4444']) {
      assert.equal(isDomainAddress(text), false, text);
    }
  });
});
