import { MonitorClosedError, QmpCommandError } from '../../../src/qmp/errors.ts';
import type { Monitor, MonitorState, QmpEvent } from '../../../src/qmp/monitor.ts';
import type { Clock } from '../../../src/shared/clock.ts';
import { Deferred } from '../../../src/shared/deferred.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import type { JsonObject, JsonValue } from '../../../src/shared/json.ts';

type Answer = JsonValue | ((args: JsonObject | undefined) => JsonValue);

/** A monitor whose every answer the test owns: for what a real QEMU cannot be made to do at will. */
export class ScriptedMonitor implements Monitor {
  readonly address: string;
  readonly isLocal: boolean;
  readonly version = { major: 10, minor: 0, micro: 2, package: '' };
  /** All that was executed, in order. */
  readonly executed: { command: string; args?: JsonObject }[] = [];
  state: MonitorState = 'running';
  /** Set, it holds back the answers to query-migrate until it resolves. */
  held: Deferred<void> | undefined;
  /** How far QEMU's clock is ahead of ours, ms. */
  clockAheadMs = 0;
  private readonly clock: Clock;
  private readonly events = new Emitter<QmpEvent>();
  private readonly states = new Emitter<{ state: MonitorState; error?: Error }>();
  private readonly pending = new Set<Deferred<never>>();
  private readonly answers = new Map<string, Answer>([
    ['query-name', { name: 'vm1' }],
    ['query-status', { status: 'running', running: true }],
    ['query-migrate', {}],
    ['query-migrate-capabilities', [{ capability: 'events', state: true }]],
    ['query-migrate-parameters', parameters()],
    ['migrate_cancel', {}],
    ['migrate', {}],
    ['migrate-incoming', {}],
    ['migrate-set-parameters', {}],
    ['migrate-set-capabilities', {}],
  ]);

  readonly onEvent = this.events.event;
  readonly onStateChange = this.states.event;

  constructor(clock: Clock, options: { address?: string; isLocal?: boolean } = {}) {
    this.clock = clock;
    this.address = options.address ?? 'unix:/run/vm1.qmp';
    this.isLocal = options.isLocal ?? true;
  }

  answer(command: string, answer: Answer): void {
    this.answers.set(command, answer);
  }

  refuse(command: string, description: string): void {
    this.answers.set(command, () => {
      throw new QmpCommandError(command, 'GenericError', description);
    });
  }

  count(command: string): number {
    return this.executed.filter((item) => item.command === command).length;
  }

  async execute(command: string, args?: JsonObject): Promise<JsonValue> {
    this.executed.push({ command, ...(args === undefined ? {} : { args }) });
    if (this.state !== 'running') throw new MonitorClosedError(`${this.address}: closed`);
    const closed = new Deferred<never>();
    this.pending.add(closed);
    try {
      const held = command === 'query-migrate' ? this.held : undefined;
      await Promise.race([held?.promise ?? Promise.resolve(), closed.promise]);
      const answer = this.answers.get(command);
      if (answer === undefined) throw new QmpCommandError(command, 'CommandNotFound', `${command} not found`);
      return typeof answer === 'function' ? answer(args) : answer;
    } finally {
      this.pending.delete(closed);
    }
  }

  /** @param delayMs how long the event was on its way to us */
  event(name: string, data: JsonObject = {}, delayMs = 0): void {
    const now = this.clock.now();
    this.events.fire({
      name,
      data,
      timestampUs: (now - delayMs + this.clockAheadMs) * 1000,
      receivedAt: now,
    });
  }

  /** The connection breaks. */
  break(message: string): void {
    this.state = 'idle';
    for (const call of this.pending) call.reject(new MonitorClosedError(message));
    this.states.fire({ state: 'idle', error: new Error(message) });
  }

  async close(): Promise<void> {
    this.state = 'idle';
    this.states.fire({ state: 'idle' });
  }
}

export function parameters(values: JsonObject = {}): JsonObject {
  return {
    'avail-switchover-bandwidth': 0,
    'max-bandwidth': 33_554_432,
    'downtime-limit': 300,
    'tls-creds': '',
    ...values,
  };
}

/** A live reply of query-migrate, as QEMU 10.0 words it. */
export function active(ram: JsonObject = {}, values: JsonObject = {}): JsonObject {
  return {
    status: 'active',
    'total-time': 1234,
    'setup-time': 4,
    'expected-downtime': 300,
    ram: {
      total: 554_508_288,
      transferred: 10_000_000,
      remaining: 16_000_000,
      mbps: 268.4,
      'dirty-sync-count': 2,
      'dirty-pages-rate': 4000,
      'page-size': 4096,
      'precopy-bytes': 10_000_000,
      'downtime-bytes': 0,
      'postcopy-bytes': 0,
      ...ram,
    },
    ...values,
  };
}

export function completed(ram: JsonObject = {}, values: JsonObject = {}): JsonObject {
  return {
    status: 'completed',
    'total-time': 3210,
    downtime: 200,
    'setup-time': 4,
    ram: {
      total: 554_508_288,
      transferred: 90_000_000,
      remaining: 0,
      mbps: 223.6,
      'dirty-sync-count': 3,
      'dirty-pages-rate': 0,
      'page-size': 4096,
      'downtime-bytes': 20_000_000,
      ...ram,
    },
    ...values,
  };
}
