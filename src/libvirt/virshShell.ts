import { randomUUID } from 'node:crypto';
import { Deferred } from '../shared/deferred.ts';
import { MarkedOutput } from './markedOutput.ts';
import { type VirshEnd, VirshProcess, type VirshTarget } from './virshProcess.ts';

/** What one command said. On failure `stdout` is empty as a rule, and `stderr` tells why. */
export interface CommandOutput {
  stdout: string;
  stderr: string;
}

/** What virsh says at once when libvirt goes away. With the next command it would connect again by itself. */
const DISCONNECTED = /^error: Disconnected from .*$/m;

/**
 * A virsh that stays and takes one command after the other from its stdin. virsh echoes what it reads and prompts in
 * between, so each command is framed by `echo`s of marks; they are put together from two pieces, so that the echo of
 * the line itself holds none.
 */
export class VirshShell {
  /** Never rejects. `stderr` ends with virsh's words when it lost libvirt. */
  readonly ended: Promise<VirshEnd>;
  private readonly virsh: VirshProcess;
  private readonly stdout = new MarkedOutput();
  private readonly stderr = new MarkedOutput();
  private readonly nonce = randomUUID();
  private turn: Promise<unknown> = Promise.resolve();
  private current: Deferred<CommandOutput | undefined> | undefined;
  private hasEnded = false;
  private commands = 0;

  constructor(target: VirshTarget) {
    // There virsh keeps the history of its user: ours must not get into it when the editor dies and stdin ends.
    this.virsh = new VirshProcess(target, [], { XDG_CACHE_HOME: '/dev/null' });
    this.ended = this.virsh.ended;
    void this.ended.then(() => {
      this.hasEnded = true;
      this.current?.resolve(undefined);
    });
    this.virsh.stdout.on('data', (chunk: Buffer) => this.stdout.push(chunk));
    this.virsh.stderr.on('data', (chunk: Buffer) => {
      if (DISCONNECTED.test(chunk.toString())) this.virsh.kill();
      this.stderr.push(chunk);
    });
  }

  /** Runs a command, which must be one line of printable ASCII, after those before it. Undefined when virsh ended. */
  run(command: string): Promise<CommandOutput | undefined> {
    const output = this.turn.then(() => this.runNow(command));
    this.turn = output;
    return output;
  }

  kill(): void {
    this.virsh.kill();
  }

  private runNow(command: string): Promise<CommandOutput | undefined> {
    const output = new Deferred<CommandOutput | undefined>();
    this.current = output;
    if (this.hasEnded) output.resolve(undefined);
    const mark = `${this.nonce}-${++this.commands}`;
    const begin = `${mark}-begin`;
    this.stdout.await(`${mark}-end`, (text) => {
      const stdout = text.slice(text.indexOf(begin) + begin.length).trim();
      // The mark on stderr has the prefix of an error.
      this.stderr.await(`error: ${mark}-end`, (words) => output.resolve({ stdout, stderr: words.trim() }));
    });
    const echo = (what: string): string => `"${mark}"-${what}`;
    this.virsh.stdin.write(
      `echo ${echo('begin')}; ${command}; echo ${echo('end')}; echo --err ${echo('end')}\n`,
    );
    return output.promise;
  }
}
