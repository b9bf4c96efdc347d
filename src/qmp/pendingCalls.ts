import type { Clock } from '../shared/clock.ts';
import { Deferred } from '../shared/deferred.ts';
import { DisposableList, toDisposable } from '../shared/disposable.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { CommandTimeoutError, QmpError } from './errors.ts';
import { stringifyExact } from './exactJson.ts';
import type { ExecuteOptions } from './monitor.ts';

interface Call {
  command: string;
  line: string;
  outOfBand: boolean;
  sent: boolean;
  reply: Deferred<JsonValue>;
  watch: DisposableList;
}

/** QEMU itself stops reading after 8 queued commands, and keeps unread replies without bound. */
const MAX_IN_FLIGHT = 8;
/** Far more than anybody can want: a caller that never waits for its replies must not fill the memory. */
const MAX_WAITING = 1024;

/** The commands waiting for their replies, and those waiting to be sent. */
export class PendingCalls {
  private readonly calls = new Map<number, Call>();
  /** Begins anywhere: QEMU sends a reply that the client before us no longer waited for to us. */
  private lastId = Math.floor(Math.random() * 2 ** 48);
  private inFlight = 0;
  private readonly send: (line: string) => void;
  private readonly clock: Clock;
  private readonly maxInFlight: number;

  constructor(send: (line: string) => void, clock: Clock, maxInFlight = MAX_IN_FLIGHT) {
    this.send = send;
    this.clock = clock;
    this.maxInFlight = maxInFlight;
  }

  /** Sends the command as soon as QEMU has room for it. A call that ends before is never sent. */
  async execute(command: string, args: JsonObject | undefined, options: ExecuteOptions): Promise<JsonValue> {
    options.signal?.throwIfAborted();
    const outOfBand = options.outOfBand ?? false;
    if (this.calls.size - this.inFlight >= MAX_WAITING) {
      throw new QmpError(`${command}: not sent, because ${MAX_WAITING} commands wait for QEMU already`);
    }
    const id = ++this.lastId;
    const message = { [outOfBand ? 'exec-oob' : 'execute']: command, ...(args && { arguments: args }), id };
    const call: Call = {
      command,
      line: `${stringifyExact(message)}\n`,
      outOfBand,
      sent: false,
      reply: new Deferred(),
      watch: new DisposableList(),
    };
    this.calls.set(id, call);
    this.limit(id, call, options);
    if (outOfBand) this.transmit(call);
    else this.pump();
    return call.reply.promise;
  }

  /** False for an id that is not ours or has been answered already. */
  resolve(id: JsonValue | undefined, value: JsonValue): boolean {
    return this.settle(id, (call) => call.reply.resolve(value));
  }

  /**
   * False for an id that is not ours or has been answered already. Without an id it is the oldest command in
   * flight: QEMU answers in order, and leaves the id out when it can't parse a command.
   */
  reject(id: JsonValue | undefined, error: (command: string) => Error): boolean {
    return this.settle(id === undefined ? this.oldestSent() : id, (call) =>
      call.reply.reject(error(call.command)),
    );
  }

  rejectAll(error: (command: string, sent: boolean) => Error): void {
    for (const [id, call] of [...this.calls]) {
      this.end(id, call, () => call.reply.reject(error(call.command, call.sent)));
    }
    this.inFlight = 0;
  }

  private limit(id: number, call: Call, { timeoutMs, signal }: ExecuteOptions): void {
    if (timeoutMs !== undefined) {
      const expire = (): void =>
        this.abandon(id, call, new CommandTimeoutError(call.command, timeoutMs, call.sent));
      call.watch.add(this.clock.after(timeoutMs, expire));
    }
    if (signal) {
      const abort = (): void => this.abandon(id, call, signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      call.watch.add(toDisposable(() => signal.removeEventListener('abort', abort)));
    }
  }

  private pump(): void {
    for (const call of this.calls.values()) {
      if (this.inFlight >= this.maxInFlight) return;
      if (call.sent) continue;
      this.inFlight++;
      this.transmit(call);
    }
  }

  private transmit(call: Call): void {
    call.sent = true;
    this.send(call.line);
  }

  private oldestSent(): number | undefined {
    for (const [id, call] of this.calls) if (call.sent) return id;
    return undefined;
  }

  /** The caller stops waiting. A command that was sent keeps its place until QEMU answers. */
  private abandon(id: number, call: Call, reason: unknown): void {
    call.watch.dispose();
    if (!call.sent) this.calls.delete(id);
    call.reply.reject(reason);
  }

  private settle(id: JsonValue | undefined, how: (call: Call) => void): boolean {
    const call = typeof id === 'number' ? this.calls.get(id) : undefined;
    if (!call || typeof id !== 'number') return false;
    if (!call.outOfBand) this.inFlight--;
    this.end(id, call, () => how(call));
    this.pump();
    return true;
  }

  private end(id: number, call: Call, how: () => void): void {
    this.calls.delete(id);
    call.watch.dispose();
    how();
  }
}
