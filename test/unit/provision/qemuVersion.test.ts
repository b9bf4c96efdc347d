import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isAtLeast, OLDEST_QEMU, parseQemuVersion } from '../../../scripts/provision/qemuVersion.ts';

it('reads the versions that QEMU and its distributors print', () => {
  const debian = 'QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2~bpo12+1)\nCopyright (c) 2003-2025\n';
  assert.deepEqual(parseQemuVersion(debian), { major: 10, minor: 0, micro: 2 });
  assert.deepEqual(parseQemuVersion('QEMU emulator version 8.2'), { major: 8, minor: 2, micro: 0 });
  assert.equal(parseQemuVersion('bash: qemu-system-x86_64: command not found'), undefined);
});

it('compares by number, not by text', () => {
  const oldEnough: [string, boolean][] = [
    ['7.2.11', false],
    ['8.1.5', false],
    ['8.2.0', true],
    ['8.10.0', true],
    ['10.0.0', true],
  ];
  for (const [text, expected] of oldEnough) {
    const version = parseQemuVersion(`QEMU emulator version ${text}`);
    assert.ok(version, text);
    assert.equal(isAtLeast(version, OLDEST_QEMU), expected, text);
  }
});
