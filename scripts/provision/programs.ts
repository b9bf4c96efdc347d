import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { ExpectedError } from '../process/errors.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The system's Chromium: the environment variable CHROMIUM, or the first of the usual names in PATH. */
export function findChromium(): string | undefined {
  return process.env['CHROMIUM'] ?? findProgram(NAMES);
}

/** @throws ExpectedError when there is none. */
export function chromiumPath(): string {
  const found = findChromium();
  if (!found)
    throw new ExpectedError(
      'No Chromium was found in PATH. Run "npm run provision", which says how to get it.',
    );
  return found;
}

/** A daemon in PATH, or where those lie that an ordinary user has not in PATH. */
export function findDaemon(name: string): string | undefined {
  return findProgram([name], ['/usr/sbin', '/sbin']);
}

/** The first of these programs that lies in PATH, or else in one of these folders. */
export function findProgram(names: readonly string[], further: readonly string[] = []): string | undefined {
  const inPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const folders = [...inPath, ...further];
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
