import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { QUIET_SETTINGS, type WorkbenchSettings } from './settings.ts';

/** The environment variable for the folder of sockets. Everything that a server starts can be told by its value. */
export const RUNTIME = 'XDG_RUNTIME_DIR';

/** The files of one workbench server. */
export interface ServerData {
  /** An empty folder to open. */
  readonly folder: string;
  /** Holds extensions, settings and what extensions store. */
  readonly dataDirectory: string;
  readonly tokenFile: string;
  /** What makes the server put its sockets and temporary files beside the rest: it does not remove them itself. */
  readonly env: Readonly<Record<typeof RUNTIME | 'TMPDIR', string>>;
  /** What the server wants to see in the address of the first page. */
  readonly token: string;
}

/** Writes the files of a fresh server into a directory that only this user can read. */
export async function createServerData(base: string, settings: WorkbenchSettings): Promise<ServerData> {
  const folder = path.join(base, 'workspace');
  const dataDirectory = path.join(base, 'data');
  const tokenFile = path.join(base, 'token');
  const env = { [RUNTIME]: path.join(base, 'run'), TMPDIR: path.join(base, 'tmp') };
  // Whoever can open the page can run commands here, so other users of this machine must not.
  const token = randomBytes(16).toString('hex');
  await mkdir(folder);
  for (const directory of Object.values(env)) await mkdir(directory);
  await writeFile(tokenFile, token, { mode: 0o600 });
  const text = JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2);
  // Settings of scope "machine" count only in the second place.
  for (const place of ['User', 'Machine']) {
    const target = path.join(dataDirectory, 'data', place);
    await mkdir(target, { recursive: true });
    await writeFile(path.join(target, 'settings.json'), text);
  }
  return { folder, dataDirectory, tokenFile, env, token };
}
