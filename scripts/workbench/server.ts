import { execa } from 'execa';
import { type Cleanup, removeTree } from '../process/cleanup.ts';
import { runOwned } from '../process/ownedProcess.ts';
import { stopGroup } from '../process/processGroup.ts';
import type { ProcessEntry } from '../process/processTable.ts';
import { endSurvivors } from '../process/survivors.ts';
import { until } from '../process/until.ts';
import { WORKBENCH_SERVER } from '../provision/workbench.ts';
import { createServerData, RUNTIME } from './serverData.ts';
import type { WorkbenchSettings } from './settings.ts';

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
  /** The address to open in a browser: an empty folder of this server's own. It contains the key that the server asks for. */
  readonly url: string;
  /** The empty folder that `url` opens. */
  readonly folder: string;
  /** Holds extensions, settings and what the extension stores; gone after {@link stop}. */
  readonly dataDirectory: string;
  readonly pid: number;
  /** What the server has printed so far. */
  log(): string;
  /**
   * Ends the server with everything that was started in it, waits for that and removes its data. May be called twice.
   * @returns programs started by extensions that had not ended by themselves when the server was gone.
   */
  stop(): Promise<readonly ProcessEntry[]>;
}

/** Starts VS Code for the browser with data of its own. `cleanup` stops it, if nobody does before. */
export async function startWorkbenchServer(
  options: WorkbenchServerOptions,
  cleanup: Cleanup,
): Promise<WorkbenchServer> {
  const base = await cleanup.makeTemporaryDirectory('qmp-workbench-');
  const data = await createServerData(base, options.settings ?? {});
  const { folder, dataDirectory, token } = data;
  // No extension gallery: nothing here may ask the network for anything.
  const env = {
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...data.env,
    ...options.env,
  };
  const common = [WORKBENCH_SERVER, '--server-data-dir', dataDirectory, '--accept-server-license-terms'];
  if (options.vsix) {
    const install = ['--install-extension', options.vsix, '--force'];
    const { failed, stderr, message } = await runOwned(cleanup, process.execPath, [...common, ...install], {
      env,
    });
    if (failed) throw new Error(`${options.vsix} could not be installed: ${message}\n${stderr}`);
  }

  const listen = ['--host', '127.0.0.1', '--port', String(options.port ?? 0)];
  const flags = ['--connection-token-file', data.tokenFile, '--telemetry-level', 'off'];
  const driver = options.smokeTestDriver ? ['--enable-smoke-test-driver'] : [];
  // A process group of its own, so that the extension hosts can be ended with the server.
  const server = execa(process.execPath, [...common, ...listen, ...flags, ...driver], {
    env,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
    all: true,
  });
  const { pid } = server;
  if (pid === undefined) throw new Error(`The workbench server did not start: ${(await server).message}`);
  const stop = once(async () => {
    await stopGroup(pid);
    // Extensions may have started programs in groups of their own.
    const survivors = await endSurvivors(RUNTIME, data.env[RUNTIME]);
    await removeTree(base);
    return survivors;
  });
  cleanup.add(`stop the workbench server ${pid}`, stop);
  let printed = '';
  server.all.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const port = await portOf(() => printed, server);
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/?${new URLSearchParams({ tkn: token, folder })}`;
  return { origin, port, url, folder, dataDirectory, pid, log: () => printed, stop };
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

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
