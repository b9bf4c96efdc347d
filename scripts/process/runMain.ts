import { constants } from 'node:os';
import { Cleanup } from './cleanup.ts';
import { ExpectedError } from './errors.ts';

export interface MainContext {
  /** Undone on every way out, before the process ends. */
  readonly cleanup: Cleanup;
  /** Aborted as soon as the program has to end. */
  readonly signal: AbortSignal;
}

const PARENT_CHECK_MS = 500;

class Interrupted extends ExpectedError {
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`Stopped by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs a program whose result is the exit code. Signals, uncaught errors and a closed terminal all end it through the
 * cleanup; a second Ctrl-C does not cut the cleanup short.
 */
export async function runMain(main: (context: MainContext) => Promise<number>): Promise<never> {
  const cleanup = new Cleanup();
  const abort = new AbortController();
  const { signal } = abort;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => abort.abort(new Interrupted(name)));
  }
  if (process.env['npm_lifecycle_event']) whenParentIsGone(() => abort.abort(new Interrupted('SIGHUP')));
  process.on('uncaughtException', (error) => abort.abort(error));
  process.on('unhandledRejection', (reason) => {
    // What main was doing fails as a matter of course when it is torn down.
    if (!signal.aborted) abort.abort(reason);
  });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => abort.abort(error));

  let exitCode: number;
  try {
    exitCode = await Promise.race([main({ cleanup, signal }), aborted]);
  } catch (error) {
    exitCode = error instanceof Interrupted ? error.exitCode : 1;
    report(error);
  }
  const left = await cleanup.run();
  for (const failure of left) process.stderr.write(`Left behind: ${failure}\n`);
  process.exit(left.length > 0 && exitCode === 0 ? 1 : exitCode);
}

// Whoever kills npm means us, too, and npm cannot always pass that on.
function whenParentIsGone(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), PARENT_CHECK_MS).unref();
}

function report(error: unknown): void {
  const text = error instanceof Error && !(error instanceof ExpectedError) ? error.stack : undefined;
  process.stderr.write(`\n${text ?? (error instanceof Error ? error.message : String(error))}\n`);
}
