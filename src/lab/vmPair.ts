import { rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../shared/emitter.ts';
import { type Logger, silentLogger } from '../shared/logger.ts';
import { awaitVm } from './awaitVm.ts';
import { bootSector } from './bootSector.ts';
import { VmPairError } from './errors.ts';
import { labDefaults } from './labDefaults.ts';
import { createPairDirectory, monitorPath, writePairState } from './pairDirectory.ts';
import { hostIdentity, identify } from './processIdentity.ts';
import { qemuArguments, type WhichVm } from './qemuArguments.ts';
import { type QemuExit, QemuProcess } from './qemuProcess.ts';
import { removeStalePairs } from './stalePairs.ts';

export interface VmPairOptions {
  /** Program on the PATH, or its path. */
  qemuPath?: string;
  /** Bytes; `labDefaults` by default, as the two below. */
  workingSetBytes?: number;
  dirtyBytesPerSecond?: number;
  memoryMiB?: number;
  /** Further arguments of the source's QEMU, such as `-trace`. Its guest has to run: no `-S`. */
  sourceArguments?: readonly string[];
  /** Aborts the start; nothing is left behind then either. */
  signal?: AbortSignal;
  logger?: Logger;
  /** The pair's private directory is made in it; the system's directory for temporary files by default. */
  baseDirectory?: string;
  /** Until a VM is ready; 30 s by default. */
  startTimeoutMs?: number;
}

/** One VM of the pair, as of now. */
export interface PairedVm {
  name: WhichVm;
  /** Of its monitor: "unix:/…". The same for as long as the pair lives. */
  address: string;
  /** Of its QEMU: another one after `renewDestination` and `reset`. */
  pid: number | undefined;
}

/** A QEMU that ended without being asked by us. */
export interface PairedVmExit {
  which: WhichVm;
  code: number | null;
  signal: string | null;
  /** What it said last. */
  stderr: string;
}

type PairSettings = Required<Omit<VmPairOptions, 'signal' | 'baseDirectory'>>;

/** QEMU needs milliseconds; a busy host makes it seconds. */
const stopGraceMs = 2000;

/**
 * Two QEMUs on this machine, a running source and a destination that waits for `migrate-incoming`, to try
 * migration without a VM of one's own. They need no root and no network, and live in one private directory.
 */
export class VmPair {
  /** Private to this user; for migration sockets too. Removed by `stop` and `kill`. */
  readonly directory: string;

  private readonly settings: PairSettings;
  private readonly exits = new Emitter<PairedVmExit>();
  private readonly lifetime = new AbortController();
  private readonly running = new Map<WhichVm, QemuProcess>();
  /** What was asked before: restarts happen one after the other. */
  private restarts: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  /** Fires when a QEMU ends by itself, such as a destination whose migration failed. Never after `stop`. */
  readonly onExit = this.exits.event;

  private constructor(directory: string, settings: PairSettings) {
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * Cleans up after crashed owners, then starts both VMs. Resolves once both monitors are free to be connected to
   * and the source's guest dirties memory.
   * @throws RangeError for a guest that can not be made, see `bootSector`
   * @throws VmPairError when QEMU is missing, too old or exits, or the directory is unfit
   * @throws the signal's reason when aborted
   */
  static async start(options: VmPairOptions = {}): Promise<VmPair> {
    const settings = completeSettings(options);
    const { workingSetBytes, dirtyBytesPerSecond, memoryMiB, logger } = settings;
    const memoryBytes = memoryMiB * 1024 * 1024;
    const image = bootSector({ workingSetBytes, dirtyBytesPerSecond, memoryBytes });
    options.signal?.throwIfAborted();
    const { baseDirectory } = options;
    await removeStalePairs({ logger, ...(baseDirectory === undefined ? {} : { baseDirectory }) });
    const pair = new VmPair(await createPairDirectory(baseDirectory), settings);
    try {
      pair.saveState();
      await writeFile(pair.bootSectorPath, image);
      await pair.launchBoth(options.signal);
      logger.info(`local VM pair in ${pair.directory}`);
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  get source(): PairedVm {
    return this.describe('source');
  }

  get destination(): PairedVm {
    return this.describe('destination');
  }

  /**
   * Puts a fresh destination in the place of one whose migration failed or was cancelled, at the same address.
   * @throws as `start`; VmPairError `stopped` when the pair is stopped
   */
  renewDestination(signal?: AbortSignal): Promise<void> {
    return this.afterRestarts(async () => {
      await this.running.get('destination')?.stop(stopGraceMs);
      await this.launch('destination', signal);
    });
  }

  /**
   * Starts both VMs anew at their old addresses. For after a completed migration, which leaves the guest running
   * in the destination and the source in `postmigrate`.
   * @throws as `renewDestination`
   */
  reset(signal?: AbortSignal): Promise<void> {
    return this.afterRestarts(async () => {
      await this.endBoth();
      await this.launchBoth(signal);
    });
  }

  /** Ends both VMs and removes the directory. Idempotent. */
  stop(): Promise<void> {
    this.stopped ??= this.stopNow();
    return this.stopped;
  }

  /** The same at once and without waiting, for when the process is about to end. Idempotent. */
  kill(): void {
    this.end();
    for (const vm of this.running.values()) vm.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get bootSectorPath(): string {
    return join(this.directory, 'boot.img');
  }

  private describe(name: WhichVm): PairedVm {
    const address = `unix:${monitorPath(this.directory, name)}`;
    return { name, address, pid: this.running.get(name)?.identity?.pid };
  }

  private async stopNow(): Promise<void> {
    this.end();
    await this.endBoth();
    await rm(this.directory, { recursive: true, force: true });
  }

  private end(): void {
    this.exits.dispose();
    this.lifetime.abort(new VmPairError('stopped', 'The local VM pair was stopped.'));
  }

  private afterRestarts(restart: () => Promise<void>): Promise<void> {
    const done = this.restarts.then(restart);
    this.restarts = done.catch(() => {}); // the caller of that restart was told
    return done;
  }

  private async launchBoth(signal: AbortSignal | undefined): Promise<void> {
    const launches = [this.launch('source', signal), this.launch('destination', signal)];
    await Promise.allSettled(launches);
    await Promise.all(launches);
  }

  private async launch(which: WhichVm, signal: AbortSignal | undefined): Promise<void> {
    const { qemuPath, memoryMiB, sourceArguments, logger, startTimeoutMs } = this.settings;
    const life = this.lifetime.signal;
    const either = signal ? AbortSignal.any([life, signal]) : life;
    either.throwIfAborted();
    const path = monitorPath(this.directory, which);
    rmSync(path, { force: true }); // a killed QEMU leaves it behind, and it would refuse connections
    const files = { monitorPath: path, bootSectorPath: this.bootSectorPath };
    const further = which === 'source' ? sourceArguments : [];
    const vm = new QemuProcess(which, qemuPath, qemuArguments(which, files, memoryMiB, further), logger);
    this.running.set(which, vm);
    this.saveState();
    const ready = awaitVm(vm, { address: `unix:${path}`, timeoutMs: startTimeoutMs, signal: either });
    void vm.exited.then((exit) => this.tellExit(vm, exit));
    await ready;
  }

  private tellExit(vm: QemuProcess, { code, signal }: QemuExit): void {
    if (vm.stopping) return;
    this.settings.logger.warn(`${vm.which}: QEMU ended (code ${code}, signal ${signal})`);
    this.exits.fire({ which: vm.which, code, signal, stderr: vm.stderr.trim() });
  }

  private async endBoth(): Promise<void> {
    await Promise.all([...this.running.values()].map((vm) => vm.stop(stopGraceMs)));
  }

  private saveState(): void {
    const host = hostIdentity();
    const vms = [...this.running.values()].flatMap(({ identity, exit }) =>
      identity && !exit ? [identity] : [],
    );
    writePairState(this.directory, { owner: identify(process.pid), vms, ...(host ? { host } : {}) });
  }
}

function completeSettings(options: VmPairOptions): PairSettings {
  return {
    qemuPath: options.qemuPath ?? 'qemu-system-x86_64',
    workingSetBytes: options.workingSetBytes ?? labDefaults.workingSetBytes,
    dirtyBytesPerSecond: options.dirtyBytesPerSecond ?? labDefaults.dirtyBytesPerSecond,
    memoryMiB: options.memoryMiB ?? labDefaults.memoryMiB,
    sourceArguments: options.sourceArguments ?? [],
    logger: options.logger ?? silentLogger,
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
  };
}
