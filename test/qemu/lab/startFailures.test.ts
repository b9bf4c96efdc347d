import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { VmPair } from '../../../src/lab/vmPair.ts';

describe('a local VM pair that can not start', () => {
  let base: string;
  let programs: string;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'pairs-'));
    programs = await mkdtemp(join(tmpdir(), 'programs-'));
  });
  after(async () => {
    await rm(base, { recursive: true, force: true });
    await rm(programs, { recursive: true, force: true });
  });

  async function program(name: string, lines: string[]): Promise<string> {
    const path = join(programs, name);
    await writeFile(path, [`#!${process.execPath}`, ...lines, ''].join('\n'));
    await chmod(path, 0o755);
    return path;
  }

  async function assertFails(
    options: Parameters<typeof VmPair.start>[0],
    expected: { reason: string; message: RegExp },
  ): Promise<void> {
    await assert.rejects(VmPair.start({ baseDirectory: base, ...options }), {
      name: 'VmPairError',
      ...expected,
    });
    assert.deepEqual(await readdir(base), [], 'something was left behind');
  }

  test('without QEMU says how to get it', async () => {
    const qemuPath = join(programs, 'no-such-qemu');
    await assertFails(
      { qemuPath },
      {
        reason: 'qemu-missing',
        message: /no-such-qemu could not be started: it was not found\. Install QEMU/,
      },
    );
  });

  test('with something that may not be run says so', async () => {
    const qemuPath = join(programs, 'plain-file');
    await writeFile(qemuPath, '', { mode: 0o600 });
    await assertFails({ qemuPath }, { reason: 'qemu-missing', message: /EACCES.*may run/ });
  });

  test('tells why QEMU exited, in its own words', async () => {
    await assertFails(
      { sourceArguments: ['-device', 'no-such-device'] },
      {
        reason: 'qemu-exited',
        message: /source VM did not start.*code 1.*'no-such-device' is not a valid device/s,
      },
    );
  });

  test('tells when QEMU exited without a word', async () => {
    const qemuPath = await program('silent', ['process.exit(3);']);
    await assertFails({ qemuPath }, { reason: 'qemu-exited', message: /exited with code 3.*said nothing/ });
  });

  test('refuses a QEMU that is too old', async () => {
    const version = { qemu: { major: 4, minor: 2, micro: 1 }, package: '' };
    const qemuPath = await program('old', [
      "const path = /path=([^,]*)/.exec(process.argv.find((argument) => argument.startsWith('socket,')))[1];",
      "require('node:net').createServer((client) => {",
      `  client.write('${JSON.stringify({ QMP: { version, capabilities: [] } })}\\n');`,
      `  client.on('data', (text) => client.write(JSON.stringify({ return: {}, id: JSON.parse(text).id }) + '\\n'));`,
      '}).listen(path);',
    ]);
    await assertFails(
      { qemuPath },
      { reason: 'qemu-too-old', message: /is QEMU 4\.2; .* needs 7\.2 or newer/ },
    );
  });

  test('gives up on a program that never opens a monitor', async () => {
    const qemuPath = await program('mute', [
      "process.stderr.write('thinking\\n');",
      'setInterval(() => {}, 1000);',
    ]);
    await assertFails(
      { qemuPath, startTimeoutMs: 1000 },
      { reason: 'timeout', message: /not ready after 1 s.*thinking/s },
    );
  });

  test('refuses a directory too long for a Unix socket', async () => {
    const long = join(base, 'x'.repeat(100));
    await mkdir(long);
    try {
      const start = VmPair.start({ baseDirectory: long });
      await assert.rejects(start, { reason: 'directory', message: /too long a path.*Set TMPDIR/ });
      assert.deepEqual(await readdir(long), []);
    } finally {
      await rm(long, { recursive: true });
    }
  });

  test('refuses a directory that does not exist', async () => {
    const start = VmPair.start({ baseDirectory: join(base, 'missing') });
    await assert.rejects(start, { reason: 'directory', message: /ENOENT/ });
  });

  test('refuses a working set larger than memory before it starts anything', async () => {
    const start = VmPair.start({ baseDirectory: base, workingSetBytes: 2 ** 28, memoryMiB: 128 });
    await assert.rejects(start, { name: 'RangeError', message: /working set of 268435456 bytes/ });
    assert.deepEqual(await readdir(base), []);
  });
});
