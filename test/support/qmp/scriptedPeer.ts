import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Deferred } from '../../../src/shared/deferred.ts';
import { withDeadline } from './withDeadline.ts';

export const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "test"}, "capabilities": ["oob"]}}\r\n';

/** A command as it crossed the wire. */
export interface WireCommand {
  execute?: string;
  'exec-oob'?: string;
  arguments?: unknown;
  id: number;
}

/** One client of a scripted peer: what it sends is read command by command, what it gets is up to the test. */
export class PeerClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Every command received so far. */
  readonly commands: WireCommand[] = [];
  private text = '';
  private taken = 0;
  private arrival = new Deferred<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {}); // resets are part of the game
    socket.on('data', (chunk) => this.receive(chunk.toString('utf8')));
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  reply(id: unknown, value: unknown = {}): void {
    this.write(`${JSON.stringify({ return: value, id })}\r\n`);
  }

  /** Greets and answers the next command, which has to be qmp_capabilities. */
  async negotiate(greeting = GREETING): Promise<WireCommand> {
    this.write(greeting);
    const command = await this.nextCommand();
    if (command.execute !== 'qmp_capabilities') throw new Error(`unexpected ${JSON.stringify(command)}`);
    this.reply(command.id);
    return command;
  }

  async nextCommand(): Promise<WireCommand> {
    const wait = async (): Promise<WireCommand> => {
      for (;;) {
        const command = this.commands[this.taken];
        if (command) {
          this.taken++;
          return command;
        }
        await this.arrival.promise;
      }
    };
    return withDeadline(wait(), 'the next command of the client');
  }

  private receive(text: string): void {
    const lines = (this.text + text).split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) this.commands.push(JSON.parse(line) as WireCommand);
    this.arrival.resolve();
    this.arrival = new Deferred();
  }
}

/** A server that does only what the test tells it: for the faults that a real QEMU can't be made to show. */
export class ScriptedPeer {
  readonly address: string;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: PeerClient[] = [];
  private arrival = new Deferred<void>();

  private constructor(server: Server, address: string) {
    this.address = address;
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      this.waiting.push(new PeerClient(socket));
      this.arrival.resolve();
      this.arrival = new Deferred();
    });
  }

  static async listen(t: TestContext, options: { allowHalfOpen?: boolean } = {}): Promise<ScriptedPeer> {
    const folder = await mkdtemp(join(tmpdir(), 'qmp-peer-'));
    const path = join(folder, 's');
    const server = createServer(options);
    const peer = new ScriptedPeer(server, `unix:${path}`);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    t.after(async () => {
      for (const socket of peer.sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    });
    return peer;
  }

  async nextClient(): Promise<PeerClient> {
    const wait = async (): Promise<PeerClient> => {
      for (;;) {
        const client = this.waiting.shift();
        if (client) return client;
        await this.arrival.promise;
      }
    };
    return withDeadline(wait(), 'a client');
  }
}
