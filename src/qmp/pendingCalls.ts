import type { Clock } from '../shared/clock.ts';
import { Deferred } from '../shared/deferred.ts';
import { DisposableList, toDisposable } from '../shared/disposable.ts';
import type { JsonObject, JsonValue } from '../shared/json.ts';
import { CommandTimeoutError, QmpError } from './errors.ts';
import { stringifyExact } from './exactJson.ts';
import type { ExecuteOptions } from './monitor.ts';

interface Call {
  command: string;
  /** The JSON text up to the id. */
  text: string;
  outOfBand: boolean;
  sent: boolean;
  reply: Deferred<JsonValue>;
  /** Timer and listener that may end it. */
  watch?: DisposableList;
}

/** QEMU itself stops reading after 8 queued commands, and keeps unread replies without bound. */
const MAX_IN_FLIGHT = 8;
/** Far more than anybody can want: a caller that never waits for its replies must not fill the memory. */
const MAX_WAITING = 1024;
/** One digit is enough for what is usually in flight. */
const SHORT_IDS = 10;

/** The commands waiting for their replies, and those waiting to be sent. */
export class PendingCalls {
  private readonly waiting = new Set<Call>();
  private readonly sent = new Map<number, Call>();
  private lastId: number | undefined;
  private inFlight = 0;
  private readonly send: (line: string) => void;
  private readonly clock: Clock;
  private readonly maxInFlight: number;

  constructor(send: (line: string) => void, clock: Clock, maxInFlight = MAX_IN_FLIGHT) {
    this.send = send;
    this.clock = clock;
    this.maxInFlight = maxInFlight;
  }

  /**
   * Sends the command as soon as QEMU has room for it. A call that ends before is never sent.
   * @throws what is wrong with the call itself, at once
   */
  execute(command: string, args: JsonObject | undefined, options: ExecuteOptions): Promise<JsonValue> {
    options.signal?.throwIfAborted();
    if (this.waiting.size >= MAX_WAITING) {
      throw new QmpError(`${command}: not sent, because ${MAX_WAITING} commands wait for QEMU already`);
    }
    const outOfBand = options.outOfBand ?? false;
    const call: Call = {
      command,
      text: openText(outOfBand ? 'exec-oob' : 'execute', command, args),
      outOfBand,
      sent: false,
      reply: new Deferred(),
    };
    this.limit(call, options);
    if (outOfBand || this.inFlight < this.maxInFlight) this.transmit(call);
    else this.waiting.add(call);
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
    const [oldest] = this.sent.keys();
    return this.settle(id ?? oldest, (call) => call.reply.reject(error(call.command)));
  }

  rejectAll(error: (command: string, sent: boolean) => Error): void {
    const calls = [...this.sent.values(), ...this.waiting];
    this.sent.clear();
    this.waiting.clear();
    this.inFlight = 0;
    for (const call of calls) {
      call.watch?.dispose();
      call.reply.reject(error(call.command, call.sent));
    }
  }

  private limit(call: Call, { timeoutMs, signal }: ExecuteOptions): void {
    if (timeoutMs === undefined && !signal) return;
    const watch = new DisposableList();
    call.watch = watch;
    if (timeoutMs !== undefined) {
      const expire = (): void =>
        this.abandon(call, new CommandTimeoutError(call.command, timeoutMs, call.sent));
      watch.add(this.clock.after(timeoutMs, expire));
    }
    if (signal) {
      const abort = (): void => this.abandon(call, signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      watch.add(toDisposable(() => signal.removeEventListener('abort', abort)));
    }
  }

  private pump(): void {
    for (const call of this.waiting) {
      if (this.inFlight >= this.maxInFlight) return;
      this.waiting.delete(call);
      this.transmit(call);
    }
  }

  private transmit(call: Call): void {
    const id = this.freeId();
    this.lastId = id;
    this.sent.set(id, call);
    call.sent = true;
    if (!call.outOfBand) this.inFlight++;
    this.send(`${call.text},"id":${id}}\n`);
  }

  /**
   * Short ones, used again: QEMU reads a command byte by byte, some µs each. Only the first, that of
   * qmp_capabilities, must not be mistaken for the one of a client before us, whose last reply QEMU sends to us:
   * as commands run in order, that comes before the reply to our first.
   */
  private freeId(): number {
    if (this.lastId === undefined) return SHORT_IDS + Math.floor(Math.random() * 2 ** 48);
    for (let step = 1; step <= SHORT_IDS; step++) {
      const id = (this.lastId + step) % SHORT_IDS;
      if (!this.sent.has(id)) return id;
    }
    let id = SHORT_IDS;
    while (this.sent.has(id)) id++;
    return id;
  }

  /** The caller stops waiting. A command that was sent keeps its place until QEMU answers. */
  private abandon(call: Call, reason: unknown): void {
    this.waiting.delete(call);
    call.watch?.dispose();
    call.reply.reject(reason);
  }

  private settle(id: JsonValue | undefined, how: (call: Call) => void): boolean {
    const call = typeof id === 'number' ? this.sent.get(id) : undefined;
    if (!call || typeof id !== 'number') return false;
    this.sent.delete(id);
    if (!call.outOfBand) this.inFlight--;
    call.watch?.dispose();
    how(call);
    this.pump();
    return true;
  }
}

function openText(verb: string, command: string, args: JsonObject | undefined): string {
  const text = `{"${verb}":${JSON.stringify(command)}`;
  return args ? `${text},"arguments":${stringifyExact(args)}` : text;
}
