import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { CACHE, ROOT } from '../paths.ts';
import { type Cleanup, removeTree } from '../process/cleanup.ts';
import { say } from '../say.ts';
import { Npm } from './npm.ts';

/** VS Code 1.100.3 as a server for the browser, in the form in which the npm registry has it. */
const WORKBENCH = { vscode: '1.100.3', package: 'code-server@4.100.3' };
/** The first node-pty with prebuilt binaries for Linux (N-API, so for any Node). */
const NODE_PTY = 'node-pty@1.2.0-beta.15';
/** The first ripgrep whose binary is in the npm package; the workbench's own downloads it from elsewhere. */
const RIPGREP = '1.18.0';

const INSTALLED = path.join(CACHE, `workbench-${WORKBENCH.vscode}`);

/** The program to start with Node. */
export const WORKBENCH_SERVER = path.join(INSTALLED, 'lib/vscode/out/server-main.js');

/**
 * Makes sure of the VS Code workbench (about 270 MB below .cache), without a compiler and without running any
 * package's install script. An interrupted installation never counts.
 */
export async function provisionWorkbench(cleanup: Cleanup): Promise<void> {
  if (existsSync(WORKBENCH_SERVER)) return;
  say(`Installing the VS Code ${WORKBENCH.vscode} workbench into ${INSTALLED} …`);
  await mkdir(CACHE, { recursive: true });
  const workshop = await mkdtemp(`${INSTALLED}.`);
  const forget = cleanup.add(`remove ${workshop}`, () => removeTree(workshop));
  const unpacked = path.join(workshop, 'workbench');
  const npm = new Npm(cleanup);
  await npm.unpack(WORKBENCH.package, unpacked);
  await installDependencies(npm, path.join(unpacked, 'lib/vscode'), workshop);
  // Somebody else may have installed it in the meantime, and be using it.
  if (!existsSync(WORKBENCH_SERVER)) {
    await rm(INSTALLED, { recursive: true, force: true });
    await rename(unpacked, INSTALLED);
  }
  await removeTree(workshop);
  forget();
}

async function installDependencies(npm: Npm, server: string, workshop: string): Promise<void> {
  await npm.installShrinkwrap(server);
  const modules = path.join(server, 'node_modules');
  // The workbench looks for its packages under the name that they have in the desktop version.
  await symlink('node_modules', `${modules}.asar`);
  await replaceTerminal(npm, modules, workshop);
  await addRipgrep(npm, modules, workshop);
  const standIns = path.join(ROOT, 'scripts/provision/standIns');
  await copyFile(path.join(standIns, 'spdlog.cjs'), path.join(modules, '@vscode/spdlog/index.js'));
  await copyFile(path.join(standIns, 'nativeWatchdog.cjs'), path.join(modules, 'native-watchdog/index.js'));
}

async function replaceTerminal(npm: Npm, modules: string, workshop: string): Promise<void> {
  const fresh = path.join(workshop, 'node-pty');
  await npm.unpack(NODE_PTY, fresh);
  const prebuilds = path.join(fresh, 'prebuilds');
  const foreign = (await readdir(prebuilds)).filter((name) => name !== platform());
  await Promise.all(foreign.map((name) => removeTree(path.join(prebuilds, name))));
  await removeTree(path.join(modules, 'node-pty'));
  await rename(fresh, path.join(modules, 'node-pty'));
}

async function addRipgrep(npm: Npm, modules: string, workshop: string): Promise<void> {
  const fresh = path.join(workshop, 'ripgrep');
  await npm.unpack(`@vscode/ripgrep-${platform()}@${RIPGREP}`, fresh);
  await cp(path.join(fresh, 'bin'), path.join(modules, '@vscode/ripgrep/bin'), { recursive: true });
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
