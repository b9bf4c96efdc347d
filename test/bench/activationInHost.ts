import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';

/** Of one activation, in ms. */
export interface ActivationTimes {
  /** Reading and evaluating the code. */
  loading: number;
  /** The call of `activate`. */
  calling: number;
  /** CPU time of both: what they take on a machine with nothing else to do. */
  cpu: number;
  /** From asking the editor for the activation to its being over: with the editor's own work. */
  whole: number;
}

interface Main {
  activate(context: vscode.ExtensionContext): unknown;
}

const QUIET_MS = 200;
const QUIET_SHARE = 0.2;
const PATIENCE_MS = 8000;

/** What the editor calls inside its extension host: activates the extension and appends {@link ActivationTimes} to a file. */
export async function run(): Promise<void> {
  const file = process.env['ACTIVATION_TIMES'];
  const extension = vscode.extensions.getExtension('vscode-qmp.vscode-qmp');
  if (!file || !extension) throw new Error('ACTIVATION_TIMES is not set, or the extension is not installed');
  await startUpIsOver();
  if (extension.isActive) throw new Error('the extension was active before it was asked for');
  const times: ActivationTimes = { loading: 0, calling: 0, cpu: 0, whole: 0 };
  const whole = stopwatch();
  listenIn(times);
  await extension.activate();
  times.whole = whole().wall;
  if (times.calling === 0) throw new Error('the call of activate was not seen');
  appendFileSync(file, `${JSON.stringify(times)}\n`);
}

/** A fresh host activates extensions of its own, which is not what is to be measured. */
async function startUpIsOver(): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let busy = 1; busy > QUIET_SHARE && performance.now() < end; ) {
    const before = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    busy = performance.eventLoopUtilization(before).utilization;
  }
}

/** The editor says nowhere what the two parts took; all code goes through this function of Node's. */
function listenIn(times: ActivationTimes): void {
  const modules = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = modules._load;
  modules._load = function (request, ...rest) {
    if (!request.endsWith('extension.cjs')) return load.call(this, request, ...rest);
    modules._load = load;
    const loading = stopwatch();
    const main = load.call(this, request, ...rest) as Main;
    const loaded = loading();
    times.loading = loaded.wall;
    const activate = (context: vscode.ExtensionContext): unknown => {
      const calling = stopwatch();
      const result = main.activate(context);
      const called = calling();
      times.calling = called.wall;
      times.cpu = loaded.cpu + called.cpu;
      return result;
    };
    return { ...main, activate };
  };
}

function stopwatch(): () => { wall: number; cpu: number } {
  const wall = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
  };
}
