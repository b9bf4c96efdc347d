import * as vscode from 'vscode';
import { VmPairError } from '../../lab/errors.ts';
import { labDefaults } from '../../lab/labDefaults.ts';
import { type PairedVmExit, VmPair } from '../../lab/vmPair.ts';
import { withCancellableProgress } from '../cancellableProgress.ts';
import type { Vm } from '../connections/vm.ts';
import { registerCommand, runInBackground } from '../errorBoundary.ts';
import { commandIds, settingIds } from '../ids.ts';
import type { Services } from '../services.ts';
import { setContext } from '../setContext.ts';

const MIB = 1024 * 1024;

/** The commands of the local VM pair. The pair lives as long as this window: its VMs are not remembered. */
export class LocalPair implements vscode.Disposable {
  private readonly services: Services;
  private readonly commands: vscode.Disposable;
  private readonly lifetime = new AbortController();
  private pair: VmPair | undefined;
  private isStarting = false;

  constructor(services: Services) {
    this.services = services;
    const { log } = services;
    this.commands = vscode.Disposable.from(
      registerCommand(commandIds.startLocalPair, log, () => this.start()),
      registerCommand(commandIds.stopLocalPair, log, () => this.stop()),
      registerCommand(commandIds.restartLocalPair, log, () => this.restart()),
    );
    // The window keeps what a crashed extension host has told it.
    runInBackground(log, () => setContext('qmp.pairRunning', false));
  }

  /** Ends the pair's processes at once: an extension host that shuts down waits for nobody. */
  dispose(): void {
    this.commands.dispose();
    this.lifetime.abort();
    this.pair?.kill();
    this.pair = undefined;
  }

  /** Where the socket of a migration to one of the pair's VMs belongs: what a crash leaves there goes with the pair. */
  socketDirectory(destination: Vm): string | undefined {
    const { pair } = this;
    return pair?.destination.address === destination.address ? pair.directory : undefined;
  }

  private async start(): Promise<void> {
    if (this.pair || this.isStarting) {
      throw new Error('The local VM pair is running already: stop it first, or restart it.');
    }
    this.isStarting = true;
    try {
      await withCancellableProgress('Starting the local VM pair', async (cancelled) => {
        const signal = AbortSignal.any([cancelled, this.lifetime.signal]);
        const pair = await VmPair.start({ ...pairSettings(), signal, logger: this.services.log }).catch(
          withSetting,
        );
        pair.onExit((exit) => runInBackground(this.services.log, () => this.ended(pair, exit)));
        this.pair = pair;
        await setContext('qmp.pairRunning', true);
        await this.connect(pair);
      });
    } finally {
      this.isStarting = false;
    }
  }

  private async stop(): Promise<void> {
    const pair = this.running();
    this.pair = undefined;
    await setContext('qmp.pairRunning', false);
    for (const { address } of [pair.source, pair.destination]) {
      const vm = this.services.vms.find(address);
      if (vm) this.services.vms.remove(vm);
    }
    await withCancellableProgress('Stopping the local VM pair', () => pair.stop());
  }

  private async restart(): Promise<void> {
    const pair = this.running();
    await withCancellableProgress('Restarting the local VM pair', async (signal) => {
      for (const { address } of [pair.source, pair.destination]) {
        await this.services.vms.find(address)?.disconnect();
      }
      await pair.reset(signal);
      await this.connect(pair);
    });
  }

  /** A destination ends with the migration that failed or was cancelled: a fresh one takes its place. */
  private async ended(pair: VmPair, { which, code, signal, stderr }: PairedVmExit): Promise<void> {
    this.services.log.info(`local VM pair: ${which} ended (${signal ?? code}) ${stderr}`);
    if (which !== 'destination' || this.pair !== pair) return;
    const vm = this.services.vms.find(pair.destination.address);
    // Nobody is to try the monitor before the pair has.
    await vm?.disconnect();
    await pair.renewDestination(this.lifetime.signal);
    await vm?.connect();
  }

  private async connect(pair: VmPair): Promise<void> {
    const { vms } = this.services;
    const [source, destination] = [pair.source, pair.destination].map(({ address }) =>
      vms.add(address, { remembered: false }),
    );
    await Promise.all([source?.connect(), destination?.connect()]);
    // A cap at which the guest of the pair does not converge by itself, so that there is something to see.
    await source?.monitor?.execute('migrate-set-parameters', { 'max-bandwidth': labDefaults.maxBandwidth });
  }

  private running(): VmPair {
    if (!this.pair) throw new Error('No local VM pair is running in this window.');
    return this.pair;
  }
}

/** The pair itself knows nothing of settings. */
function withSetting(error: unknown): never {
  if (error instanceof VmPairError && (error.reason === 'qemu-missing' || error.reason === 'qemu-too-old')) {
    throw new Error(`${error.message} The setting ${settingIds.qemuPath} says which QEMU to run.`, {
      cause: error,
    });
  }
  throw error;
}

function pairSettings(): { qemuPath: string; workingSetBytes: number; dirtyBytesPerSecond: number } {
  const settings = vscode.workspace.getConfiguration();
  const inMiB = (id: string, otherwise: number): number => settings.get<number>(id, otherwise / MIB) * MIB;
  return {
    qemuPath: settings.get<string>(settingIds.qemuPath, 'qemu-system-x86_64'),
    workingSetBytes: inMiB(settingIds.workingSetMiB, labDefaults.workingSetBytes),
    dirtyBytesPerSecond: inMiB(settingIds.dirtyRateMiBPerSecond, labDefaults.dirtyBytesPerSecond),
  };
}
