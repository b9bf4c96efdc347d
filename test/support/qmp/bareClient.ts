import { connect, type Socket } from 'node:net';

/** The least that speaks QMP over a Unix socket: one line out, one line in. Knows no events, ids or faults. */
export class BareClient {
  private readonly socket: Socket;
  private text = '';
  private take: ((line: string) => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      this.text += chunk;
      if (!this.text.endsWith('\n')) return;
      const line = this.text;
      this.text = '';
      this.take?.(line);
    });
  }

  static async open(path: string): Promise<BareClient> {
    const client = new BareClient(connect(path));
    await client.line();
    await client.execute('{"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}');
    return client;
  }

  /** The text of the reply. */
  async executeRaw(command: string): Promise<string> {
    const line = this.line();
    this.socket.write(`${command}\n`);
    return line;
  }

  async execute(command: string): Promise<unknown> {
    return JSON.parse(await this.executeRaw(command));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.end();
    await closed;
  }

  private line(): Promise<string> {
    return new Promise((resolve) => {
      this.take = resolve;
    });
  }
}
