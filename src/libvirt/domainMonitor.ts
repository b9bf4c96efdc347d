import {
  MonitorClosedError,
  MonitorConnectError,
  ProtocolError,
  QmpCommandError,
  QmpError,
} from '../qmp/errors.ts';
import { parseExact, stringifyExact } from '../qmp/exactJson.ts';
import { parseMessage } from '../qmp/messages.ts';
import type { ExecuteOptions, Monitor, MonitorState, QemuVersion, QmpEvent } from '../qmp/monitor.ts';
import { PendingCalls } from '../qmp/pendingCalls.ts';
import type { Clock } from '../shared/clock.ts';
import { Deferred } from '../shared/deferred.ts';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter } from '../shared/emitter.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import { virshWords } from './connectFailure.ts';
import { parseDomainEvent } from './domainEvent.ts';
import { EventProcess } from './eventProcess.ts';
import { quoteJson } from './quoteJson.ts';
import type { VirshEnd, VirshTarget } from './virshProcess.ts';
import { type CommandOutput, VirshShell } from './virshShell.ts';

export interface DomainIdentity {
  /** Names the domain without doubt, and in ASCII. */
  uuid: string;
  name: string;
}

export interface DomainMonitorOptions {
  address: string;
  isLocal: boolean;
  target: VirshTarget;
  domain: DomainIdentity;
  clock: Clock;
  logger: Logger;
}

/** Between two looks at whether the domain still runs, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/**
 * A running libvirt domain as a monitor; made by `connectDomain`. Commands go through one virsh, one after the other;
 * events come from another, so an event may arrive a moment after the reply that it preceded.
 */
export class DomainMonitor implements Monitor {
  readonly address: string;
  readonly isLocal: boolean;
  private readonly domain: DomainIdentity;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly shell: VirshShell;
  private readonly listener: EventProcess;
  private readonly calls: PendingCalls;
  private readonly events = new Emitter<QmpEvent>();
  private readonly states = new Emitter<{ state: MonitorState; error?: Error }>();
  private readonly listening: Promise<void>;
  private readonly ended: Promise<void>;
  private current: MonitorState = 'connecting';
  private failure: Error | undefined;
  private nextLook: Disposable | undefined;
  private qemu: QemuVersion | undefined;

  readonly onEvent = this.events.event;
  readonly onStateChange = this.states.event;

  constructor({ address, isLocal, target, domain, clock, logger }: DomainMonitorOptions) {
    this.address = address;
    this.isLocal = isLocal;
    this.domain = domain;
    this.clock = clock;
    this.logger = logger;
    this.calls = new PendingCalls((line) => void this.transmit(line), clock, 1);
    this.shell = new VirshShell(target);
    const connected = new Deferred<void>();
    this.listener = new EventProcess(target, domain.uuid, connected.resolve, (line) => this.receive(line));
    const lost = [this.shell, this.listener].map(async ({ ended }) => this.fail(this.lost(await ended)));
    this.listening = Promise.race([connected.promise, ...lost]);
    this.ended = Promise.all(lost).then(() => this.finish());
  }

  get state(): MonitorState {
    return this.current;
  }

  get version(): QemuVersion | undefined {
    return this.qemu;
  }

  /** Awaits both virsh, makes sure that the domain runs and asks for QEMU's version. */
  async negotiate(): Promise<void> {
    await this.listening;
    if (!(await this.stillRuns())) throw this.failure ?? this.closedByUs();
    const version = await this.calls.execute('query-version', undefined, {});
    // The reply is what a greeting holds.
    const greeting = parseMessage(stringifyExact({ QMP: { version, capabilities: [] } }));
    if (greeting.kind === 'greeting') this.qemu = greeting.version;
    if (this.current !== 'connecting') throw this.failure ?? this.closedByUs();
    this.setState('running');
    this.lookLater();
  }

  async execute(command: string, args?: JsonObject, options: ExecuteOptions = {}): Promise<JsonValue> {
    if (this.current !== 'running') {
      throw new MonitorClosedError(`${command}: not connected to ${this.address}`, { cause: this.failure });
    }
    if (options.outOfBand) {
      throw new QmpError(`${command}: libvirt does not offer out-of-band execution`);
    }
    return this.calls.execute(command, args, options);
  }

  async close(): Promise<void> {
    if (this.current === 'idle') return;
    this.disconnect();
    await this.ended;
  }

  /** Ends the session at once, with `error` as the reason. The domain is left alone. */
  fail(error: Error): void {
    this.disconnect(error);
  }

  private async transmit(line: string): Promise<void> {
    // libvirt puts a number of its own into each command.
    const { id, ...command } = parseExact(line) as JsonObject;
    const json = quoteJson(command);
    this.logger.trace(`${this.address} ← ${json.slice(1, -1)}`);
    const output = await this.shell.run(`qemu-monitor-command ${this.domain.uuid} ${json}`);
    if (!output) return; // virsh has ended, and with it the session.
    try {
      await this.settle(id, output);
    } catch (error) {
      this.fail(error instanceof Error ? error : new QmpError(String(error)));
    }
  }

  private async settle(id: JsonValue | undefined, { stdout, stderr }: CommandOutput): Promise<void> {
    if (stdout === '') {
      const refused = (command: string): Error =>
        new QmpError(`${command}: libvirt did not run it: ${virshWords(stderr)}`);
      if (await this.stillRuns()) this.calls.reject(id, refused);
      return;
    }
    const message = parseMessage(stdout);
    if (message.kind === 'return') this.calls.resolve(id, message.value);
    else if (message.kind === 'error') {
      const { errorClass, description } = message;
      this.calls.reject(id, (command) => new QmpCommandError(command, errorClass, description));
    } else throw new ProtocolError(`not a reply: ${stdout.slice(0, 80)}`);
  }

  /** Events don't tell of a QEMU that was killed. */
  private lookLater(): void {
    const look = async (): Promise<void> => {
      if (await this.stillRuns()) this.lookLater();
    };
    this.nextLook = this.clock.after(LOOK_EVERY_MS, () => void look());
  }

  /** Ends the session when the domain has ended. */
  private async stillRuns(): Promise<boolean> {
    const output = await this.shell.run(`domstate ${this.domain.uuid} --reason`);
    const isUnknown = output?.stdout === '' && output.stderr.includes('failed to get domain');
    if (output?.stdout.startsWith('shut off') || isUnknown) {
      const why = isUnknown ? 'libvirt no longer knows it' : output.stdout;
      const what = `${this.address}: the domain is not running (${why})`;
      this.fail(new MonitorConnectError('refused', `${what}. Start it and connect again.`));
    }
    return this.isOpen;
  }

  private receive(line: string): void {
    if (this.current !== 'running') return;
    try {
      const event = parseDomainEvent(line, this.domain.name);
      this.fire(this.events, { ...event, receivedAt: this.clock.now() }, event.name);
    } catch (error) {
      this.logger.warn(`${this.address}: ${String(error)}`);
    }
  }

  /** A listener that throws must not take the session with it. */
  private fire<T>(emitter: Emitter<T>, value: T, what: string): void {
    try {
      emitter.fire(value);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.logger.error(`${this.address}: a listener of ${what} threw ${text}`);
    }
  }

  private get isOpen(): boolean {
    return this.current === 'connecting' || this.current === 'running';
  }

  private closedByUs(): MonitorClosedError {
    return new MonitorClosedError(`the session with ${this.address} was closed`);
  }

  private lost({ stderr, error }: VirshEnd): MonitorClosedError {
    const said = virshWords(stderr) || error?.message || 'virsh ended';
    return new MonitorClosedError(`${this.address}: the connection to libvirt is lost: ${said}`);
  }

  /** Begins the end of the session, once; without a failure it is our own wish. */
  private disconnect(failure?: Error): void {
    if (!this.isOpen) return;
    this.failure = failure;
    this.nextLook?.dispose();
    this.setState('disconnecting');
    this.calls.rejectAll((command, sent) => {
      const what = sent ? 'whether it ran is not known' : 'it was not sent';
      return new MonitorClosedError(`${command}: the connection to ${this.address} ended; ${what}`, {
        cause: failure,
      });
    });
    this.shell.kill();
    this.listener.kill();
  }

  private finish(): void {
    this.setState('idle');
    this.events.dispose();
    this.states.dispose();
  }

  private setState(state: MonitorState): void {
    this.current = state;
    this.fire(this.states, { state, ...(this.failure && { error: this.failure }) }, 'the state');
  }
}
