// Makes a fresh clone ready and then runs a TypeScript program of this folder:
//   node scripts/bootstrap.mjs scripts/demo.ts --headless
// It runs before the first `npm ci`, so it uses nothing but Node itself.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = [20, 6];
const root = fileURLToPath(new URL('..', import.meta.url));

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `This needs Node ${OLDEST_NODE.join('.')} or newer; ${process.execPath} is Node ${process.versions.node}. ` +
      'Install Node 20 from https://nodejs.org or your distribution and try again.',
  );
}

// npm, Chromium and VS Code all want a place of their own below the home directory.
function checkHome() {
  if (process.env.HOME && existsSync(homedir())) return;
  process.env.HOME = path.join(root, '.cache', 'home');
  mkdirSync(process.env.HOME, { recursive: true });
  // An npm that started this has put its idea of a cache into the environment.
  delete process.env.npm_config_cache;
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// npm writes node_modules/.package-lock.json last, so it tells what is really installed, also after an
// interrupted install. Packages for other platforms are in the lock file but not installed.
function isInstalled() {
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const installed = packagesOf(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    const found = installed[name];
    return name === '' || (found ? found.version === version : optional === true);
  });
}

async function install() {
  process.stderr.write('Installing the packages of package-lock.json with npm ci …\n');
  // Install scripts are not needed by any package here, and some of them download from elsewhere.
  const flags = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawn('npm', flags, { cwd: root, stdio: ['ignore', 2, 2] });
  let stoppedBy;
  const stop = (signal) => {
    stoppedBy = signal;
    npm.kill('SIGTERM');
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) process.on(name, stop);
  const exitCode = await new Promise((resolve) => {
    npm.on('error', ({ message }) => fail(`npm could not be started (${message}). It comes with Node.`));
    npm.on('close', resolve);
  });
  if (stoppedBy) process.exit(128 + constants.signals[stoppedBy]);
  for (const name of names) process.off(name, stop);
  if (exitCode !== 0) {
    fail(`npm ci failed with exit code ${exitCode}. Its message above says why; it needs the npm registry.`);
  }
}

const [script, ...rest] = process.argv.slice(2);
if (!script) fail('usage: node scripts/bootstrap.mjs SCRIPT.ts [ARGUMENTS]');
checkNode();
checkHome();
process.chdir(root);
if (!isInstalled()) await install();

// It would stay behind in the temporary directory, and saves a tenth of a second.
process.env.TSX_DISABLE_CACHE = '1';
const { register } = await import('tsx/esm/api');
register();
process.argv = [process.execPath, path.resolve(script), ...rest];
await import(pathToFileURL(path.resolve(script)).href);
