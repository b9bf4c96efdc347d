import { randomUUID } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { type VirshEnd, VirshProcess, type VirshTarget } from './virshProcess.ts';

/** A virsh that prints a line for each event of a domain. */
export class EventProcess {
  /** Never rejects. */
  readonly ended: Promise<VirshEnd>;
  private readonly virsh: VirshProcess;
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  /** `onConnected` is called once, when virsh is about to subscribe; then `onLine` for each event. */
  constructor(target: VirshTarget, uuid: string, onConnected: () => void, onLine: (line: string) => void) {
    const mark = randomUUID();
    this.virsh = new VirshProcess(target, [`echo ${mark}; qemu-monitor-event --domain ${uuid} --loop`]);
    this.ended = this.virsh.ended;
    this.virsh.stdin.end();
    let isConnected = false;
    this.virsh.stdout.on('data', (chunk: Buffer) => {
      this.rest += this.decoder.write(chunk);
      if (!isConnected && this.rest.startsWith(mark)) {
        isConnected = true;
        this.rest = this.rest.slice(mark.length).replace(/^\n/, '');
        onConnected();
      }
      const lines = this.rest.split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) if (isConnected && line !== '') onLine(line);
    });
  }

  kill(): void {
    this.virsh.kill();
  }
}
