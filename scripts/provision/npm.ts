import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Cleanup } from '../process/cleanup.ts';
import { ExpectedError } from '../process/errors.ts';
import { runOwned } from '../process/ownedProcess.ts';

/** The npm registry, as far as an installation needs it. */
export class Npm {
  private readonly cleanup: Cleanup;

  constructor(cleanup: Cleanup) {
    this.cleanup = cleanup;
  }

  /** Installs exactly what the shrinkwrap of `directory` lists, without running install scripts. */
  async installShrinkwrap(directory: string): Promise<void> {
    // The workbench's lacks a peer dependency (tslib); without the last flag npm refuses it.
    await this.npm(['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps'], directory);
  }

  /** Unpacks the content of one package, without its dependencies, as `directory`. */
  async unpack(specifier: string, directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    const packed = await this.npm(['pack', specifier, '--silent'], directory);
    const archive = path.join(directory, packed.trim().split('\n').at(-1) ?? '');
    const flags = ['--extract', '--gzip', '--strip-components=1', '--file', archive];
    const { failed, message } = await runOwned(this.cleanup, 'tar', flags, { cwd: directory });
    if (failed) throw new ExpectedError(`${specifier} could not be unpacked: ${message}`);
    await rm(archive);
  }

  private async npm(args: readonly string[], cwd: string): Promise<string> {
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const result = await runOwned(this.cleanup, 'npm', [...args, ...quiet], { cwd });
    if (!result.failed) return result.stdout;
    const reason = result.stderr || result.message;
    throw new ExpectedError(`npm ${args.join(' ')} failed; it needs the npm registry.\n${reason}`);
  }
}
