import type { Socket } from 'node:net';
import type { Clock } from '../shared/clock.ts';
import { Deferred } from '../shared/deferred.ts';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter } from '../shared/emitter.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import type { Logger } from '../shared/logger.ts';
import { MonitorClosedError, ProtocolError, QmpCommandError, QmpError } from './errors.ts';
import { JsonStream } from './jsonStream.ts';
import { parseMessage, type QmpMessage } from './messages.ts';
import type { ExecuteOptions, Monitor, MonitorState, QemuVersion, QmpEvent } from './monitor.ts';
import { PendingCalls } from './pendingCalls.ts';

export interface SocketMonitorOptions {
  address: string;
  isLocal: boolean;
  clock: Clock;
  logger: Logger;
}

/** How long the end of a session waits for the peer before the socket is destroyed. */
const CLOSE_GRACE_MS = 1000;

/**
 * A greeting has some 150 bytes, but the last reply to the client before us may come first (query-qmp-schema: 236 KB).
 * Who sends more before the session runs is not QEMU.
 */
const HANDSHAKE_BYTES = 1024 * 1024;
/** Some 500 times the reply of query-qmp-schema. */
const MESSAGE_BYTES = 128 * 1024 * 1024;

/** A QMP session over a connected socket. Made by `connectMonitor`. */
export class SocketMonitor implements Monitor {
  readonly address: string;
  readonly isLocal: boolean;
  private readonly socket: Socket;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly stream = new JsonStream({ maxMessageBytes: HANDSHAKE_BYTES });
  private readonly calls: PendingCalls;
  private readonly events = new Emitter<QmpEvent>();
  private readonly states = new Emitter<{ state: MonitorState; error?: Error }>();
  private readonly ended = new Deferred<void>();
  private readonly greeted = new Deferred<void>();
  private current: MonitorState = 'connecting';
  private failure: Error | undefined;
  private grace: Disposable | undefined;
  private qemu: QemuVersion | undefined;
  private offersOutOfBand = false;

  readonly onEvent = this.events.event;
  readonly onStateChange = this.states.event;

  constructor(socket: Socket, options: SocketMonitorOptions) {
    this.socket = socket;
    this.address = options.address;
    this.isLocal = options.isLocal;
    this.clock = options.clock;
    this.logger = options.logger;
    this.calls = new PendingCalls((line) => this.send(line), options.clock);
    // A session that fails before anybody waits for its greeting must not end in an unhandled rejection.
    this.greeted.promise.catch(() => {});
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (error) =>
      this.fail(new QmpError(`${this.address}: ${error.message}`, { cause: error })),
    );
    socket.on('end', () => this.disconnect(this.closedByPeer()));
    socket.on('close', () => this.finish());
  }

  get state(): MonitorState {
    return this.current;
  }

  get version(): QemuVersion | undefined {
    return this.qemu;
  }

  /** Resolves at the greeting; rejects when the connection ends before, or says something else. */
  get greeting(): Promise<void> {
    return this.greeted.promise;
  }

  /** Leaves capabilities negotiation; enables out-of-band execution where QEMU offers it. */
  async negotiate(options: ExecuteOptions): Promise<void> {
    // Either await may resume after a fault that came in one packet with what it waited for.
    this.mustBeConnecting();
    const args = this.offersOutOfBand ? { enable: ['oob'] } : undefined;
    await this.calls.execute('qmp_capabilities', args, options);
    this.mustBeConnecting();
    this.stream.maxMessageBytes = MESSAGE_BYTES;
    this.setState('running');
  }

  async execute(command: string, args?: JsonObject, options: ExecuteOptions = {}): Promise<JsonValue> {
    if (this.current !== 'running') {
      throw new MonitorClosedError(`${command}: not connected to ${this.address}`, { cause: this.failure });
    }
    if (options.outOfBand && !this.offersOutOfBand) {
      throw new QmpError(`${command}: this QEMU does not offer out-of-band execution`);
    }
    return this.calls.execute(command, args, options);
  }

  async close(): Promise<void> {
    if (this.current === 'idle') return;
    this.disconnect();
    await this.ended.promise;
  }

  /** Ends the session at once, with `error` as the reason. */
  fail(error: Error): void {
    this.disconnect(error);
    this.socket.destroy();
  }

  private send(line: string): void {
    this.logger.trace(`${this.address} ← ${line.trimEnd()}`);
    this.socket.write(line);
  }

  private get isOpen(): boolean {
    return this.current === 'connecting' || this.current === 'running';
  }

  private receive(chunk: Buffer): void {
    if (!this.isOpen) return;
    try {
      this.stream.push(chunk, (text) => {
        // A listener of the message before may have closed the session.
        if (this.isOpen) this.dispatch(parseMessage(text));
      });
    } catch (error) {
      this.fail(error instanceof Error ? error : new QmpError(String(error)));
    }
  }

  private dispatch(message: QmpMessage): void {
    switch (message.kind) {
      case 'greeting':
        if (this.qemu) throw new ProtocolError('a second greeting');
        this.qemu = message.version;
        this.offersOutOfBand = message.capabilities.includes('oob');
        this.greeted.resolve();
        break;
      case 'event': {
        const { name, data, timestampUs } = message;
        this.fire(this.events, { name, data, timestampUs, receivedAt: this.clock.now() }, name);
        break;
      }
      case 'return':
        if (!this.calls.resolve(message.id, message.value)) this.dropped(message.id);
        break;
      case 'error': {
        const { errorClass, description } = message;
        const known = this.calls.reject(message.id, (c) => new QmpCommandError(c, errorClass, description));
        if (!known) this.dropped(message.id, description);
      }
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

  private dropped(id: JsonValue | undefined, description = ''): void {
    this.logger.warn(`${this.address}: dropped a reply with the unknown id ${String(id)} ${description}`);
  }

  private mustBeConnecting(): void {
    if (this.current !== 'connecting') throw this.failure ?? this.closedByUs();
  }

  private closedByUs(): MonitorClosedError {
    return new MonitorClosedError(`the session with ${this.address} was closed`);
  }

  private closedByPeer(): MonitorClosedError {
    const where = this.stream.bytesHeld > 0 ? ' in the middle of a message' : '';
    return new MonitorClosedError(`${this.address} closed the connection${where}`);
  }

  /** Begins the end of the session, once; without a failure it is our own wish. */
  private disconnect(failure?: Error): void {
    if (!this.isOpen) return;
    this.failure = failure;
    this.grace = this.clock.after(CLOSE_GRACE_MS, () => this.socket.destroy());
    this.setState('disconnecting');
    this.greeted.reject(failure ?? this.closedByUs());
    this.calls.rejectAll((command, sent) => {
      const what = sent ? 'whether it ran is not known' : 'it was not sent';
      return new MonitorClosedError(`${command}: the connection to ${this.address} ended; ${what}`, {
        cause: failure,
      });
    });
    this.socket.end();
  }

  private finish(): void {
    this.disconnect(this.closedByPeer());
    this.grace?.dispose();
    this.setState('idle');
    this.events.dispose();
    this.states.dispose();
    this.ended.resolve();
  }

  private setState(state: MonitorState): void {
    this.current = state;
    this.fire(this.states, { state, ...(this.failure && { error: this.failure }) }, 'the state');
  }
}
