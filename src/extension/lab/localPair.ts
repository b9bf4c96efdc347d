import * as vscode from 'vscode';
import { VmPair } from '../../lab/vmPair.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { abortSignal } from '../abortSignal.ts';
import { registerCommand } from '../errorBoundary.ts';
import { commandIds, settingIds } from '../ids.ts';
import type { Services } from '../services.ts';
import { setContext } from '../setContext.ts';

const MIB = 1024 * 1024;

/** The commands of the local VM pair. The pair lives as long as this window: its VMs are not remembered. */
export class LocalPair implements vscode.Disposable {
  private readonly services: Services;
  private readonly commands: vscode.Disposable;
  private pair: VmPair | undefined;

  constructor(services: Services) {
    this.services = services;
    const { log } = services;
    this.commands = vscode.Disposable.from(
      registerCommand(commandIds.startLocalPair, log, () => this.start()),
      registerCommand(commandIds.stopLocalPair, log, () => this.stop()),
      registerCommand(commandIds.restartLocalPair, log, () => this.restart()),
    );
  }

  /** Ends the pair's processes at once: an extension host that shuts down waits for nobody. */
  dispose(): void {
    this.commands.dispose();
    this.pair?.kill();
    this.pair = undefined;
  }

  private async start(): Promise<void> {
    if (this.pair) throw new Error('The local VM pair is running already: stop it first, or restart it.');
    const settings = vscode.workspace.getConfiguration();
    const qemuPath = settings.get<string>(settingIds.qemuPath, 'qemu-system-x86_64');
    const workingSetBytes = settings.get<number>(settingIds.workingSetMiB, 16) * MIB;
    const dirtyBytesPerSecond = settings.get<number>(settingIds.dirtyRateMiBPerSecond, 160) * MIB;
    await withProgress('Starting the local VM pair', async (signal) => {
      const logger = this.services.log;
      const pair = await VmPair.start({ qemuPath, workingSetBytes, dirtyBytesPerSecond, signal, logger });
      this.pair = pair;
      await setContext('qmp.pairRunning', true);
      await this.connect(pair);
    });
  }

  private async stop(): Promise<void> {
    const { pair } = this;
    if (!pair) throw new Error('No local VM pair is running in this window.');
    this.pair = undefined;
    await setContext('qmp.pairRunning', false);
    for (const { address } of [pair.source, pair.destination]) {
      const vm = this.services.vms.find(address);
      if (vm) this.services.vms.remove(vm);
    }
    await withProgress('Stopping the local VM pair', () => pair.stop());
  }

  private async restart(): Promise<void> {
    const { pair } = this;
    if (!pair) throw new Error('No local VM pair is running in this window.');
    await withProgress('Restarting the local VM pair', async () => {
      for (const { address } of [pair.source, pair.destination])
        await this.services.vms.find(address)?.disconnect();
      await pair.reset();
      await this.connect(pair);
    });
  }

  private async connect(pair: VmPair): Promise<void> {
    const vms = [pair.source, pair.destination].map(({ address }) =>
      this.services.vms.add(address, { remembered: false }),
    );
    await Promise.all(vms.map((vm) => vm.connect()));
  }
}

function withProgress<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const { signal, dispose }: { signal: AbortSignal } & Disposable = abortSignal(token);
    return run(signal).finally(dispose);
  });
}
