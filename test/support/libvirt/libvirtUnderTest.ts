import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bootSector } from '../../../src/lab/bootSector.ts';
import { runVirsh, type VirshResult } from '../../../src/libvirt/virsh.ts';

const SCRIPT = fileURLToPath(new URL('libvirtd.sh', import.meta.url));
const NAMESPACES = ['--user', '--pid', '--mount-proc', '--fork', '--kill-child'];
const START_TIMEOUT_MS = 30_000;
const MEMORY_MIB = 32;

/** A libvirtd of its own, apart from that of the machine. */
export class LibvirtUnderTest {
  readonly uri: string;
  private readonly folder: string;
  private readonly child: ChildProcess;
  private domains = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.uri = `qemu:///session?socket=${folder}/run/libvirt/libvirt-sock`;
    const log = openSync(path.join(folder, 'log'), 'w');
    // Its stdin ends with this process, and with its stdin all that it runs, however this process ends.
    // An ordinary user in there, but one that /etc/passwd knows: for root the first after root, whoever it is.
    const user = process.getuid?.() || 1;
    const ids = [`--map-user=${user}`, `--map-group=${process.getgid?.() || 1}`];
    this.child = spawn('unshare', [...NAMESPACES, ...ids, SCRIPT, folder], { stdio: ['pipe', log, log] });
    closeSync(log);
  }

  /** Resolves when it takes connections. */
  static async start(): Promise<LibvirtUnderTest> {
    const folder = await mkdtemp(path.join(tmpdir(), 'libvirt-'));
    const memoryBytes = MEMORY_MIB * 1024 * 1024;
    const image = bootSector({ workingSetBytes: 4096, dirtyBytesPerSecond: 0, memoryBytes });
    await writeFile(path.join(folder, 'boot.img'), image);
    const libvirt = new LibvirtUnderTest(folder);
    try {
      await libvirt.awaitAnswer();
      return libvirt;
    } catch (error) {
      await libvirt.stop();
      throw error;
    }
  }

  /** The address of a new, idle, transient domain. */
  startDomain(name?: string): Promise<string> {
    return this.addDomain('create', name);
  }

  /** The address of a new domain that does not run. */
  defineDomain(name?: string): Promise<string> {
    return this.addDomain('define', name);
  }

  /** The output of a command of virsh, which must succeed. */
  async virsh(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runVirsh(this.target, args, AbortSignal.timeout(20_000));
    assert.equal(code, 0, `virsh ${args.join(' ')}: ${stderr}\n${this.log()}`);
    return stdout.trim();
  }

  /** Ends it and all its domains at once. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined) {
      const exited = once(this.child, 'exit');
      this.child.stdin?.end();
      await exited;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async addDomain(how: 'create' | 'define', name = `vm-${++this.domains}`): Promise<string> {
    const file = path.join(this.folder, 'domain.xml');
    await writeFile(file, domainXml(name, path.join(this.folder, 'boot.img')));
    await this.virsh(how, file);
    return `${this.uri}#${name}`;
  }

  private get target(): { program: string; uri: string } {
    return { program: 'virsh', uri: this.uri };
  }

  private async awaitAnswer(): Promise<void> {
    const failed = once(this.child, 'error').then(([error]) => Promise.reject(error));
    failed.catch(() => {});
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.answers())) {
      assert.ok(
        this.child.exitCode === null,
        `libvirtd can't be started here (it takes user namespaces):\n${this.log()}`,
      );
      assert.ok(
        Date.now() < deadline,
        `libvirtd did not start within ${START_TIMEOUT_MS} ms:\n${this.log()}`,
      );
      await Promise.race([delay(50), failed]);
    }
  }

  private async answers(): Promise<boolean> {
    if (!existsSync(`${this.folder}/run/libvirt/libvirt-sock`)) return false;
    const { code }: VirshResult = await runVirsh(
      this.target,
      ['version'],
      AbortSignal.timeout(START_TIMEOUT_MS),
    );
    return code === 0;
  }

  private log(): string {
    return readFileSync(path.join(this.folder, 'log'), 'utf8');
  }
}

function domainXml(name: string, image: string): string {
  const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<domain type="qemu">
    <name>${escaped}</name>
    <memory unit="MiB">${MEMORY_MIB}</memory>
    <vcpu>1</vcpu>
    <os><type arch="x86_64" machine="pc">hvm</type></os>
    <features><acpi/></features>
    <devices>
      <disk type="file" device="floppy">
        <driver name="qemu" type="raw"/>
        <source file="${image}"/>
        <target dev="fda" bus="fdc"/>
        <readonly/>
      </disk>
      <controller type="usb" model="none"/>
      <memballoon model="none"/>
    </devices>
  </domain>\n`;
}
