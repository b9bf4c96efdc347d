import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { type Cleanup, removeTree } from '../process/cleanup.ts';
import { stopGroup } from '../process/processGroup.ts';
import { until } from '../process/until.ts';
import { WORKBENCH_SERVER } from '../provision/workbench.ts';
import { QUIET_SETTINGS, type WorkbenchSettings } from './settings.ts';

const START_DEADLINE_MS = 30_000;

export interface WorkbenchServerOptions {
  /** The packaged extension to install first. */
  readonly vsix?: string;
  /** Added to {@link QUIET_SETTINGS}. Read once at the start: later changes go through the UI. */
  readonly settings?: WorkbenchSettings;
  /** Reaches the extension host, and what it starts. */
  readonly env?: Readonly<Record<string, string>>;
  /** TCP port on 127.0.0.1; any free one when absent. */
  readonly port?: number;
  /** Lets the page run a test suite in the extension host. Not for UI runs. */
  readonly smokeTestDriver?: boolean;
}

export interface WorkbenchServer {
  /** "http://127.0.0.1:PORT". */
  readonly origin: string;
  readonly port: number;
  /** The address to open in a browser: an empty folder of this server's own. */
  readonly url: string;
  /** The empty folder that `url` opens. */
  readonly folder: string;
  /** Holds extensions, settings and what the extension stores; gone after {@link stop}. */
  readonly dataDirectory: string;
  readonly pid: number;
  /** What the server has printed so far. */
  log(): string;
  /** Ends the server with everything in its process group, waits for that and removes its data. May be called twice. */
  stop(): Promise<void>;
}

/** Starts VS Code for the browser with data of its own. `cleanup` stops it, if nobody does before. */
export async function startWorkbenchServer(
  options: WorkbenchServerOptions,
  cleanup: Cleanup,
): Promise<WorkbenchServer> {
  const base = await mkdtemp(path.join(os.tmpdir(), 'vscode-qmp-workbench-'));
  cleanup.add(`remove ${base}`, () => removeTree(base));
  const dataDirectory = path.join(base, 'data');
  const folder = path.join(base, 'workspace');
  await mkdir(folder);
  await writeSettings(dataDirectory, options.settings ?? {});
  // No extension gallery: nothing here may ask the network for anything.
  const env = { EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env };
  const common = [WORKBENCH_SERVER, '--server-data-dir', dataDirectory, '--accept-server-license-terms'];
  if (options.vsix) await installExtension(common, options.vsix, env);

  const listen = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'];
  const flags = [
    '--telemetry-level',
    'off',
    ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
  ];
  // A process group of its own, so that the extension hosts can be ended with the server.
  const server = execa(process.execPath, [...common, ...listen, ...flags], {
    env,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
    all: true,
  });
  const { pid } = server;
  if (pid === undefined)
    throw new Error(`The workbench server could not be started: ${(await server).message}`);
  const stop = once(async () => {
    await stopGroup(pid);
    await removeTree(base);
  });
  cleanup.add(`stop the workbench server ${pid}`, stop);
  let printed = '';
  server.all.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const port = await portOf(() => printed, server).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/?folder=${encodeURIComponent(folder)}`;
  return { origin, port, url, folder, dataDirectory, pid, log: () => printed, stop };
}

async function writeSettings(dataDirectory: string, settings: WorkbenchSettings): Promise<void> {
  const user = path.join(dataDirectory, 'data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(
    path.join(user, 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2),
  );
}

async function installExtension(common: string[], vsix: string, env: Record<string, string>): Promise<void> {
  await execa(process.execPath, [...common, '--install-extension', vsix, '--force'], {
    env,
    stdin: 'ignore',
  });
}

async function portOf(printed: () => string, server: { readonly exitCode: number | null }): Promise<number> {
  const port = await until(
    'the workbench server to listen',
    () => {
      const found = /^Extension host agent listening on (\d+)$/m.exec(printed());
      return found?.[1] ?? (server.exitCode === null ? undefined : 'exited');
    },
    START_DEADLINE_MS,
  );
  if (port === 'exited') throw new Error(`The workbench server ended at once. It printed:\n${printed()}`);
  return Number(port);
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
