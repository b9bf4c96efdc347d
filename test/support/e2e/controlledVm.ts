import { rm } from 'node:fs/promises';
import path from 'node:path';
import { awaitVm } from '../../../src/lab/awaitVm.ts';
import { labDefaults } from '../../../src/lab/labDefaults.ts';
import { qemuArguments, type WhichVm } from '../../../src/lab/qemuArguments.ts';
import { QemuProcess } from '../../../src/lab/qemuProcess.ts';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';
import { silentLogger } from '../../../src/shared/logger.ts';

const START_DEADLINE_MS = 30_000;
const STOP_GRACE_MS = 2_000;

export interface ControlledVmOptions {
  readonly which: WhichVm;
  /** For sockets; has the boot sector in it. */
  readonly directory: string;
  readonly bootSectorPath: string;
  readonly qemuPath: string;
}

/** One VM of a pair, as the product's own pair starts it, with a second monitor for the test. */
export class ControlledVm {
  readonly name: WhichVm;
  private readonly options: ControlledVmOptions;
  private running: { qemu: QemuProcess; control: Monitor } | undefined;

  constructor(options: ControlledVmOptions) {
    this.name = options.which;
    this.options = options;
  }

  /** Of the monitor for the extension; the same after a restart. */
  get address(): string {
    return `unix:${this.socket('monitor')}`;
  }

  /** The test's own session with the same QEMU; another one after a restart. */
  get control(): Monitor {
    if (!this.running) throw new Error(`${this.name} does not run.`);
    return this.running.control;
  }

  /** Starts it, in the place of the one that ran before. */
  async restart(): Promise<void> {
    await this.stop();
    const { which, qemuPath, bootSectorPath } = this.options;
    const files = { monitorPath: this.socket('monitor'), bootSectorPath };
    const second = ['-qmp', `unix:${this.socket('control')},server=on,wait=off`];
    const args = qemuArguments(which, files, labDefaults.memoryMiB, second);
    const qemu = new QemuProcess(which, qemuPath, args, silentLogger);
    const { signal } = new AbortController();
    try {
      await awaitVm(qemu, { address: this.address, timeoutMs: START_DEADLINE_MS, signal });
      this.running = { qemu, control: await connectMonitor(`unix:${this.socket('control')}`) };
    } catch (error) {
      await qemu.stop(STOP_GRACE_MS);
      throw error;
    }
  }

  /** Ends it as a crash does: nothing is told and nothing is tidied up. */
  kill(): void {
    this.running?.qemu.kill();
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.control.close();
    await running?.qemu.stop(STOP_GRACE_MS);
    for (const name of ['monitor', 'control'] as const) await rm(this.socket(name), { force: true });
  }

  private socket(name: 'monitor' | 'control'): string {
    return path.join(this.options.directory, `${this.name}-${name}.sock`);
  }
}
