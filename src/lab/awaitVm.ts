import { setTimeout as delay } from 'node:timers/promises';
import { connectMonitor } from '../qmp/connectMonitor.ts';
import { MonitorConnectError } from '../qmp/errors.ts';
import type { QemuVersion } from '../qmp/monitor.ts';
import { VmPairError } from './errors.ts';
import type { QemuExit, QemuProcess } from './qemuProcess.ts';

/** The oldest QEMU that the pair was tried with. */
const oldestQemu = { major: 7, minor: 2 };
const retryMs = 15;
/** A monitor that keeps silent this often is held by another client, and so its VM is up. */
const longestSilences = 2;

export interface AwaitVmOptions {
  address: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Waits until the VM's monitor serves clients and, for the source, the guest runs. Leaves the monitor free.
 * @throws VmPairError with QEMU's own words when it exits, is too old, or is not ready in time
 * @throws the signal's reason when aborted
 */
export async function awaitVm(vm: QemuProcess, options: AwaitVmOptions): Promise<void> {
  const failure = new AbortController();
  const timer = setTimeout(() => failure.abort(lateError(vm, options.timeoutMs)), options.timeoutMs);
  void vm.exited.then((exit) => failure.abort(exitError(vm, exit)));
  const signal = AbortSignal.any([options.signal, failure.signal]);
  try {
    checkVersion(vm, await monitorVersion(options, signal));
    if (vm.which === 'source') await Promise.race([vm.guestReady, rejectOnAbort(signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns undefined when another client was faster and holds the monitor */
async function monitorVersion(
  options: AwaitVmOptions,
  signal: AbortSignal,
): Promise<QemuVersion | undefined> {
  for (let silences = 0; silences < longestSilences; ) {
    try {
      const monitor = await connectMonitor(options.address, {
        signal,
      });
      await monitor.close();
      return monitor.version;
    } catch (error) {
      if (isSilent(error)) silences++;
      else if (!isNotYet(error)) throw error;
    }
    await delay(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return undefined;
}

function isSilent(error: unknown): boolean {
  return error instanceof MonitorConnectError && error.reason === 'no-greeting';
}

/** Before QEMU listens; also while it goes down, when its exit tells more than the lost connection. */
function isNotYet(error: unknown): boolean {
  return error instanceof MonitorConnectError && ['not-found', 'refused', 'closed'].includes(error.reason);
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function checkVersion(vm: QemuProcess, version: QemuVersion | undefined): void {
  if (!version) return;
  const { major, minor } = version;
  if (major > oldestQemu.major || (major === oldestQemu.major && minor >= oldestQemu.minor)) return;
  throw new VmPairError(
    'qemu-too-old',
    `${vm.program} is QEMU ${major}.${minor}; the local VM pair needs ${oldestQemu.major}.${oldestQemu.minor} ` +
      'or newer (8.2 to declare the switchover bandwidth). Install a newer QEMU or choose another program.',
  );
}

function exitError(vm: QemuProcess, exit: QemuExit): VmPairError {
  if (exit.error) return startError(vm, exit.error);
  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
  const words = vm.stderr.trim() === '' ? 'It said nothing on stderr.' : `It said: ${vm.stderr.trim()}`;
  return new VmPairError(
    'qemu-exited',
    `The ${vm.which} VM did not start: ${vm.program} ${how} before it was ready. ${words}`,
  );
}

function startError(vm: QemuProcess, error: NodeJS.ErrnoException): VmPairError {
  const what =
    error.code === 'ENOENT'
      ? 'it was not found. Install QEMU (Debian: qemu-system-x86) or give the path of the program'
      : `${error.message}. Check that it is a program that you may run`;
  return new VmPairError('qemu-missing', `${vm.program} could not be started: ${what}.`, { cause: error });
}

function lateError(vm: QemuProcess, timeoutMs: number): VmPairError {
  const words = vm.stderr.trim() === '' ? '' : ` It said: ${vm.stderr.trim()}`;
  return new VmPairError(
    'timeout',
    `The ${vm.which} VM was not ready after ${timeoutMs / 1000} s: is ${vm.program} a QEMU for x86-64, and ` +
      `is this machine overloaded?${words}`,
  );
}
