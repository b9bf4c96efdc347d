import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootSector } from '../../../src/lab/bootSector.ts';
import { labDefaults } from '../../../src/lab/labDefaults.ts';
import { ControlledVm } from './controlledVm.ts';

const MIB = 1024 * 1024;

/** A source whose guest keeps memory dirty and a destination that waits, each with a second monitor for the test. */
export class ControlledPair implements AsyncDisposable {
  readonly source: ControlledVm;
  readonly destination: ControlledVm;
  /** Private; for further sockets. */
  readonly directory: string;

  private constructor(directory: string, qemuPath: string) {
    this.directory = directory;
    const common = { directory, qemuPath, bootSectorPath: path.join(directory, 'boot.img') };
    this.source = new ControlledVm({ ...common, which: 'source' });
    this.destination = new ControlledVm({ ...common, which: 'destination' });
  }

  static async start(qemuPath = 'qemu-system-x86_64'): Promise<ControlledPair> {
    const directory = await mkdtemp(path.join(tmpdir(), 'qmp-pair-'));
    const { workingSetBytes, dirtyBytesPerSecond, memoryMiB } = labDefaults;
    const image = bootSector({ workingSetBytes, dirtyBytesPerSecond, memoryBytes: memoryMiB * MIB });
    await writeFile(path.join(directory, 'boot.img'), image);
    const pair = new ControlledPair(directory, qemuPath);
    try {
      await pair.renew();
      return pair;
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Fresh VMs at the old addresses. */
  async renew(): Promise<void> {
    await Promise.all([this.source.restart(), this.destination.restart()]);
  }

  /** The connections for the extension's setting. */
  get connections(): { name: string; address: string }[] {
    return [this.source, this.destination].map(({ name, address }) => ({ name, address }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.source.stop(), this.destination.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }
}
