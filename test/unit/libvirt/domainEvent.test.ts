import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDomainEvent } from '../../../src/libvirt/domainEvent.ts';
import { ProtocolError } from '../../../src/qmp/errors.ts';

describe('a line of virsh qemu-monitor-event', () => {
  it('without data', () => {
    assert.deepEqual(parseDomainEvent("event STOP at 1795416509.041802 for domain 'vm1': <null>", 'vm1'), {
      name: 'STOP',
      data: {},
      timestampUs: 1_795_416_509_041_802,
    });
  });

  it('with data, integers exact', () => {
    const line = `event X_Y at 1.000001 for domain 'vm1': {"a":18446744073709551615,"b":"': {}"}`;
    assert.deepEqual(parseDomainEvent(line, 'vm1').data, { a: 2n ** 64n - 1n, b: "': {}" });
  });

  it('of a domain whose name looks like the rest of a line', () => {
    const name = `a': {"x":1}`;
    const line = `event RESUME at 1.000001 for domain '${name}': {"y":2}`;
    assert.deepEqual(parseDomainEvent(line, name).data, { y: 2 });
  });

  it('of a virsh that puts no quotes around the name', () => {
    assert.equal(parseDomainEvent('event RESUME at 1.000001 for domain vm 1: <null>', 'vm 1').name, 'RESUME');
  });

  it('when the clock of QEMU failed', () => {
    assert.equal(parseDomainEvent("event STOP at -1.000001 for domain 'vm1': <null>", 'vm1').timestampUs, 0);
  });

  it('that is something else is refused', () => {
    for (const line of [
      'events received: 5',
      "event STOP at 1.000001 for domain 'other': <null>",
      "event STOP at 1.000001 for domain 'vm1': {",
      "event STOP at 1.000001 for domain 'vm1': 7",
      "2026-11-23 06:48:29.842+0000: event STOP for domain 'vm1': <null>",
    ]) {
      assert.throws(() => parseDomainEvent(line, 'vm1'), ProtocolError, line);
    }
  });
});
