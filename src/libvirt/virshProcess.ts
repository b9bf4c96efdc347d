import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Deferred } from '../shared/deferred.ts';

/** Which virsh, and which libvirt it talks to. */
export interface VirshTarget {
  /** A name found on the PATH, or an absolute path. */
  program: string;
  uri: string;
}

/** How a virsh ended. */
export interface VirshEnd {
  /** Undefined when it was killed or could not be started. */
  code: number | undefined;
  /** What it said last on stderr, trimmed. */
  stderr: string;
  /** Why it could not be started. */
  error?: NodeJS.ErrnoException;
}

const KEPT_STDERR_CHARACTERS = 4000;

/** One running virsh that can ask nobody anything: what would be a question ends in an error. */
export class VirshProcess {
  readonly stdin: ChildProcessWithoutNullStreams['stdin'];
  readonly stdout: ChildProcessWithoutNullStreams['stdout'];
  readonly stderr: ChildProcessWithoutNullStreams['stderr'];
  /** Never rejects. */
  readonly ended: Promise<VirshEnd>;
  private readonly child: ChildProcessWithoutNullStreams;
  private isGone = false;

  constructor(target: VirshTarget, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(target.program, ['-c', withoutQuestions(target.uri), '--quiet', ...args], {
      stdio: 'pipe',
      // A session of its own has no terminal where ssh could ask, and its group takes ssh along when it is killed.
      detached: true,
      env: { ...process.env, LC_ALL: 'C', INPUTRC: '/dev/null', TERM: 'dumb', ...env },
    });
    this.stdin = this.child.stdin;
    this.stdout = this.child.stdout;
    this.stderr = this.child.stderr;
    this.ended = this.watch();
  }

  /** Ends it at once, and the ssh that it may have started. */
  kill(): void {
    const { pid } = this.child;
    if (this.isGone || pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // It ended by itself a moment ago.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  private watch(): Promise<VirshEnd> {
    const ended = new Deferred<VirshEnd>();
    let stderr = '';
    this.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR_CHARACTERS);
    });
    // Writing to a virsh that is gone: its end tells more.
    this.stdin.on('error', () => {});
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) ended.resolve({ code: undefined, stderr: '', error });
    });
    this.child.once('exit', () => {
      this.isGone = true;
    });
    this.child.once('close', (code) => ended.resolve({ code: code ?? undefined, stderr: stderr.trim() }));
    return ended.promise;
  }
}

/** libvirt passes BatchMode to the ssh that it starts when the URI says no_tty. */
function withoutQuestions(uri: string): string {
  if (!uri.startsWith('qemu+ssh:') || /[?&]no_tty=/.test(uri)) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}no_tty=1`;
}
