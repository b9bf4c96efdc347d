import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../shared/deferred.ts';
import type { Logger } from '../shared/logger.ts';
import { identify, type ProcessIdentity } from './processIdentity.ts';
import type { WhichVm } from './qemuArguments.ts';

/** How a QEMU ended. `error` is set when it could not be started. */
export interface QemuExit {
  code: number | null;
  signal: string | null;
  error?: NodeJS.ErrnoException;
}

const keptStderrCharacters = 4000;

/** One running QEMU. */
export class QemuProcess {
  readonly which: WhichVm;
  readonly program: string;
  /** Undefined when it could not be started. Stays what it was when the process ends. */
  readonly identity: ProcessIdentity | undefined;
  /** Never rejects. */
  readonly exited: Promise<QemuExit>;
  /** Resolves once the guest runs its own code; never when QEMU exits before. */
  readonly guestReady: Promise<void>;
  /** How it ended, once it has. */
  exit: QemuExit | undefined;
  /** What it said last on stderr, trimmed. */
  stderr = '';
  /** True once `stop` or `kill` was called: its end is then no news. */
  stopping = false;

  private readonly child: ChildProcess;
  private readonly logger: Logger;

  constructor(which: WhichVm, program: string, args: string[], logger: Logger) {
    this.which = which;
    this.program = program;
    this.logger = logger;
    logger.debug(`${which}: ${program} ${args.join(' ')}`);
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    // Now, while the number can't belong to anybody else yet.
    this.identity = this.child.pid === undefined ? undefined : identify(this.child.pid);
    this.exited = this.watchExit();
    this.guestReady = this.watchConsole();
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.keepStderr(text));
  }

  /** Asks it to end, and ends it after `graceMs`. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    if (this.exit) return;
    this.child.kill('SIGTERM');
    const timer = new AbortController();
    const expired = delay(graceMs, 'expired' as const, { signal: timer.signal }).catch(() => undefined);
    if ((await Promise.race([this.exited, expired])) === 'expired') {
      this.logger.warn(`${this.which}: QEMU did not end within ${graceMs} ms and was killed`);
      this.child.kill('SIGKILL');
    }
    timer.abort();
    await this.exited;
  }

  /** Ends it at once, without waiting. */
  kill(): void {
    this.stopping = true;
    if (!this.exit) this.child.kill('SIGKILL');
  }

  private watchExit(): Promise<QemuExit> {
    const exited = new Deferred<QemuExit>();
    const settle = (exit: QemuExit): void => {
      this.exit ??= exit;
      exited.resolve(this.exit);
    };
    this.child.once('error', (error) => {
      // Without a pid nothing runs; with one, the error is a signal that could not be sent.
      if (this.child.pid === undefined) settle({ code: null, signal: null, error });
      else this.logger.warn(`${this.which}: ${error.message}`);
    });
    // 'close', not 'exit': stderr is then complete.
    this.child.once('close', (code, signal) => settle({ code, signal }));
    return exited.promise;
  }

  private watchConsole(): Promise<void> {
    const ready = new Deferred<void>();
    let said = '';
    this.child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      said = (said + text).slice(-keptStderrCharacters);
      if (said.includes('ready\n')) ready.resolve();
    });
    return ready.promise;
  }

  private keepStderr(text: string): void {
    this.stderr = (this.stderr + text).slice(-keptStderrCharacters).trimStart();
    for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
      if (this.stopping) this.logger.debug(`${this.which}: ${line}`);
      else this.logger.warn(`${this.which}: ${line}`);
    }
  }
}
