import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDeadline } from './withDeadline.ts';

export interface RealQemu {
  /** Address of its QMP monitor. */
  readonly address: string;
  /** Private folder, removed at the end. */
  readonly folder: string;
  readonly process: ChildProcess;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Kills it at once; resolves when it is gone and its folder too. */
  kill(): Promise<void>;
}

export interface RealQemuOptions {
  transport?: 'unix' | 'tcp';
  /** Of the monitor: `control` is QMP, `readline` the human one. */
  mode?: 'control' | 'readline';
  /** What comes after the options for the monitor. */
  args?: string[];
}

/** Starts one QEMU of `-M none` (or what `args` say) and returns once its monitor answers. */
export async function startQemu(options: RealQemuOptions = {}): Promise<RealQemu> {
  const { transport = 'unix', mode = 'control', args = ['-M', 'none'] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'qmp-qemu-'));
  const place = await placeFor(transport, folder);
  const process_ = spawn(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-display', 'none', '-no-user-config'],
      ...['-chardev', ['socket', 'id=m', place.chardev, 'server=on', 'wait=off'].join(',')],
      ...['-mon', `chardev=m,mode=${mode}`],
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  process_.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const atExit = (): void => void process_.kill('SIGKILL');
  process.once('exit', atExit);
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      process.off('exit', atExit);
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    process_.once('error', (error) => {
      stderr += error.message;
      end();
    });
    process_.once('close', end);
  });
  const kill = async (): Promise<void> => {
    process_.kill('SIGKILL');
    await withDeadline(exited, 'QEMU to be gone');
  };
  try {
    const dead = exited.then(() => {
      throw new Error(`QEMU did not start: ${stderr}`);
    });
    await withDeadline(Promise.race([answers(place.connect), dead]), 'the monitor of QEMU');
  } catch (error) {
    await kill();
    throw error;
  }
  return { address: place.address, folder, process: process_, exited, kill };
}

interface Place {
  address: string;
  chardev: string;
  connect: NetConnectOpts;
}

async function placeFor(transport: 'unix' | 'tcp', folder: string): Promise<Place> {
  if (transport === 'tcp') {
    const port = await freePort();
    const connect = { host: '127.0.0.1', port };
    return { address: `tcp:127.0.0.1:${port}`, chardev: `host=127.0.0.1,port=${port}`, connect };
  }
  const path = join(folder, 'qmp');
  return { address: `unix:${path}`, chardev: `path=${path}`, connect: { path } };
}

/** Comes and goes once as a client. */
async function answers(place: NetConnectOpts): Promise<void> {
  for (;;) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(place);
      let said = false;
      socket.on('data', () => {
        said = true;
        socket.end();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(said));
    });
    if (greeted) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
