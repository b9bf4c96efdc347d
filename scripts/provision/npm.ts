import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ExecaError, execa } from 'execa';
import { ExpectedError } from '../process/errors.ts';

/**
 * Runs npm in a directory and returns what it printed.
 * @throws ExpectedError with npm's own words.
 */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  try {
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const { stdout } = await execa('npm', [...args, ...quiet], { cwd, stdin: 'ignore' });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new ExpectedError(`npm ${args.join(' ')} failed; it needs the npm registry.\n${error.stderr}`, {
      cause: error,
    });
  }
}

/** Unpacks the content of one registry package, without its dependencies, as `directory`. */
export async function unpackFromRegistry(specifier: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const packed = await npm(['pack', specifier, '--silent'], directory);
  const archive = path.join(directory, packed.trim().split('\n').at(-1) ?? '');
  await execa('tar', ['--extract', '--gzip', '--strip-components=1', '--file', archive], { cwd: directory });
  await rm(archive);
}
