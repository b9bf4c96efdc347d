import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseOsRelease } from '../../../scripts/provision/operatingSystem.ts';
import { explainMissing } from '../../../scripts/provision/packages.ts';

const MISSING = [
  { requirement: 'qemu', problem: 'qemu-system-x86_64 is not in PATH' },
  { requirement: 'nasm', problem: 'nasm is not in PATH' },
] as const;

describe('what is said when something is missing', () => {
  it('names the packages and the command of a known distribution only', () => {
    const fedora = parseOsRelease('NAME="Fedora Linux"\nID=fedora\nPRETTY_NAME="Fedora Linux 42"\n');
    const text = explainMissing(MISSING, fedora);
    assert.match(text, /qemu-system-x86_64 is not in PATH/);
    assert.match(text, /on Fedora Linux 42/);
    assert.match(text, /dnf install qemu-system-x86-core nasm/);
    assert.doesNotMatch(text, /pacman|apt-get/);
  });

  it('sends Debian 12 to its backports, for QEMU alone', () => {
    const debian = parseOsRelease(
      'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12"\n',
    );
    const text = explainMissing(MISSING, debian);
    assert.match(text, /-t bookworm-backports qemu-system-x86$/m);
    assert.match(text, /install --no-install-recommends nasm$/m);
  });

  it('takes a derivative for what it is made from', () => {
    const mint = parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME=Mint\n');
    assert.match(explainMissing(MISSING, mint), /Ubuntu: apt-get install/);
  });

  it('gives the commands of all where the system is not known', () => {
    const text = explainMissing(MISSING, parseOsRelease(''));
    for (const command of ['apt-get install', 'dnf install', 'pacman -S'])
      assert.ok(text.includes(command), command);
  });
});
