import { isRunning } from '../../migration/queryMigrate.ts';
import { CommandTimeoutError, type ConnectFailure, MonitorConnectError } from '../../qmp/errors.ts';
import type { Monitor, QmpEvent } from '../../qmp/monitor.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { Emitter } from '../../shared/emitter.ts';
import { isJsonObject, type JsonValue } from '../../shared/json.ts';
import type { Logger } from '../../shared/logger.ts';
import { isOwnedByLibvirt, nameOfAddress } from './monitorAddress.ts';

export type Connect = (address: string, signal: AbortSignal) => Promise<Monitor>;

export type VmState =
  /** `reason` is absent when the user disconnected it; `retry` when a try by itself could help and do no harm. */
  | { kind: 'offline'; reason?: string; retry?: boolean }
  | { kind: 'connecting' }
  /**
   * `runState` and `migration` in QEMU's words; `migration` is absent when there never was one. `isSilent`: they are the
   * last that QEMU said, and it does not answer any more.
   */
  | { kind: 'connected'; monitor: Monitor; runState: string; migration?: string; isSilent?: true };

export interface VmOptions {
  address: string;
  /** Takes the place of the name that the VM tells. */
  name?: string;
  /** False for VMs which go away with the session, such as the local pair. */
  remembered: boolean;
  connect: Connect;
  logger: Logger;
}

/** A QEMU that is frozen or out of reach says nothing: nobody is to take its last words for the present. */
const ANSWER_IN_TIME = { timeoutMs: 5000 };

/** Events after which query-status or query-migrate has something new to tell. */
const TELLING = new Set([
  'STOP',
  'RESUME',
  'MIGRATION',
  'SUSPEND',
  'WAKEUP',
  'SHUTDOWN',
  'RESET',
  'GUEST_PANICKED',
]);

/** A VM in the tree: its address, its one shared connection, and what it is doing. */
export class Vm implements Disposable {
  readonly address: string;
  readonly remembered: boolean;
  private readonly givenName: string | undefined;
  private readonly open: Connect;
  private readonly logger: Logger;
  private readonly changes = new Emitter<void>();
  private current: VmState = { kind: 'offline' };
  private attempt: AbortController | undefined;
  private toldName: string | undefined;
  private refreshing: Promise<void> | undefined;
  private refreshAgain = false;

  /** Fires after each change of `state` or `name`. */
  readonly onDidChange = this.changes.event;

  constructor(options: VmOptions) {
    this.address = options.address;
    this.givenName = options.name;
    this.remembered = options.remembered;
    this.open = options.connect;
    this.logger = options.logger;
  }

  get state(): VmState {
    return this.current;
  }

  get name(): string {
    return this.givenName ?? this.toldName ?? nameOfAddress(this.address);
  }

  /** Then migrations are libvirt's to start and to cancel; we only watch. */
  get isOwnedByLibvirt(): boolean {
    return isOwnedByLibvirt(this.address);
  }

  get monitor(): Monitor | undefined {
    return this.current.kind === 'connected' ? this.current.monitor : undefined;
  }

  /**
   * Connects unless connected already; the state tells the outcome as well. A quiet attempt shows only its outcome.
   * @throws MonitorConnectError when there is no session to be had
   */
  async connect({ quiet = false } = {}): Promise<void> {
    if (this.current.kind === 'connected' || this.attempt) return;
    const attempt = new AbortController();
    this.attempt = attempt;
    if (!quiet) this.set({ kind: 'connecting' });
    try {
      const monitor = await this.open(this.address, attempt.signal);
      if (attempt.signal.aborted) return await monitor.close();
      await this.adopt(monitor, attempt.signal);
    } catch (error) {
      if (attempt.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.set({ kind: 'offline', reason, retry: isWorthRetrying(error) });
      throw error;
    } finally {
      if (this.attempt === attempt) this.attempt = undefined;
    }
  }

  /** Lets go of the monitor, so that another client can have it. */
  async disconnect(): Promise<void> {
    this.attempt?.abort();
    this.attempt = undefined;
    const monitor = this.monitor;
    this.set({ kind: 'offline' });
    await monitor?.close();
  }

  /** Asks the VM again what it is doing. Never rejects: a VM that went away shows in the state. */
  refresh(): Promise<void> {
    if (this.refreshing) {
      this.refreshAgain = true;
      return this.refreshing;
    }
    this.refreshing = this.readStateUntilSettled().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  dispose(): void {
    this.changes.dispose();
    this.attempt?.abort();
    this.monitor?.close().catch((error: unknown) => this.logger.warn(`${this.address}: ${String(error)}`));
    this.current = { kind: 'offline' };
  }

  private async adopt(monitor: Monitor, signal: AbortSignal): Promise<void> {
    monitor.onStateChange(({ state, error }) => {
      if (state === 'idle' && this.monitor === monitor) this.lost(error);
    });
    monitor.onEvent((event) => this.note(event));
    const [name, status] = await introduce(monitor, signal);
    this.toldName = textOf(name, 'name');
    this.set({ kind: 'connected', monitor, runState: textOf(status, 'status') ?? 'unknown' });
    await this.refresh();
  }

  private lost(error: Error | undefined): void {
    const reason = error
      ? error.message
      : `${this.address}: the VM closed the connection: its QEMU has ended.`;
    this.set({ kind: 'offline', reason, retry: true });
  }

  private note(event: QmpEvent): void {
    if (!TELLING.has(event.name)) return;
    const status = event.name === 'MIGRATION' ? event.data['status'] : undefined;
    if (typeof status === 'string' && this.current.kind === 'connected') {
      this.set({ ...this.current, migration: status });
    }
    // In the switchover every question lengthens the downtime: the end of the migration is soon enough.
    if (event.name === 'MIGRATION' ? !this.isMigrating : !(event.name === 'STOP' && this.isMigrating))
      void this.refresh();
  }

  private get isMigrating(): boolean {
    return this.current.kind === 'connected' && isRunning(this.current.migration ?? 'none');
  }

  private async readStateUntilSettled(): Promise<void> {
    do {
      this.refreshAgain = false;
      await this.readState();
    } while (this.refreshAgain);
  }

  private async readState(): Promise<void> {
    const monitor = this.monitor;
    if (!monitor) return;
    try {
      const [status, migrate] = await Promise.all([
        monitor.execute('query-status', undefined, ANSWER_IN_TIME),
        monitor.execute('query-migrate', undefined, ANSWER_IN_TIME),
      ]);
      if (this.monitor !== monitor) return;
      const migration = textOf(migrate, 'status');
      const runState = textOf(status, 'status') ?? 'unknown';
      this.set({ kind: 'connected', monitor, runState, ...(migration !== undefined && { migration }) });
    } catch (error) {
      if (
        error instanceof CommandTimeoutError &&
        this.current.kind === 'connected' &&
        this.monitor === monitor
      ) {
        this.set({ ...this.current, isSilent: true });
      }
      // The monitor's own end is told by its state; whatever else QEMU said belongs in the log.
      this.logger.warn(`${this.address}: ${String(error)}`);
    }
  }

  private set(state: VmState): void {
    const before = this.current;
    this.current = state;
    if (!sameState(before, state)) this.changes.fire();
  }
}

/** Asks who the VM is and what it does. A monitor that can't tell is let go of, for it would be held for nothing. */
async function introduce(
  monitor: Monitor,
  signal: AbortSignal,
): Promise<[name: JsonValue, status: JsonValue]> {
  const ask = (command: string): Promise<JsonValue> => monitor.execute(command, undefined, { signal });
  try {
    const answers = await Promise.all([ask('query-name'), ask('query-status')]);
    signal.throwIfAborted();
    return answers;
  } catch (error) {
    await monitor.close();
    throw error;
  }
}

/** Nothing changes by itself about these; and who queues for a monitor that another client holds snatches it in the end. */
const LASTING = new Set<ConnectFailure>(['no-greeting', 'bad-address', 'not-qmp']);

function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof MonitorConnectError && LASTING.has(error.reason));
}

function sameState(a: VmState, b: VmState): boolean {
  if (a.kind === 'connected' && b.kind === 'connected') {
    return (
      a.monitor === b.monitor &&
      a.runState === b.runState &&
      a.migration === b.migration &&
      a.isSilent === b.isSilent
    );
  }
  if (a.kind === 'offline' && b.kind === 'offline') return a.reason === b.reason;
  return a.kind === b.kind;
}

function textOf(value: JsonValue, key: string): string | undefined {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
