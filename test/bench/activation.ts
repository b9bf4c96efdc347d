import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { VSIX } from '../../scripts/paths.ts';
import type { Cleanup } from '../../scripts/process/cleanup.ts';
import { launchBrowser } from '../../scripts/workbench/browser.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../../scripts/workbench/server.ts';
import { withDeadline } from '../support/qmp/withDeadline.ts';
import type { ActivationTimes } from './activationInHost.ts';
import { type Measurement, median } from './benchmark.ts';

const RUNS = 5;
const IN_HOST = fileURLToPath(new URL('activationInHost.ts', import.meta.url));

/** How long the packaged extension keeps a fresh extension host of the real workbench busy when it is first used. */
export async function benchActivation(cleanup: Cleanup): Promise<Measurement[]> {
  const runs = await activationTimes(cleanup);
  const parts = (['loading', 'calling', 'cpu', 'whole'] as const).map((part) =>
    median(runs.map((run) => run[part])).toFixed(0),
  );
  const [loading, calling, cpu, whole] = parts;
  return [
    {
      name: 'activation in a fresh extension host, packaged',
      value: median(runs.map((run) => run.loading + run.calling)),
      unit: 'ms',
      target: { atMost: 50 },
      remark: `loading ${loading} + call ${calling} ms, CPU time ${cpu} ms; with the editor's own part ${whole} ms; ${RUNS} hosts`,
    },
  ];
}

async function activationTimes(cleanup: Cleanup): Promise<ActivationTimes[]> {
  const folder = await cleanup.makeTemporaryDirectory('qmp-activation-');
  const suite = join(folder, 'suite.cjs');
  const times = join(folder, 'times');
  await build({
    entryPoints: [IN_HOST],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
  const server = await startWorkbenchServer(
    { vsix: VSIX, smokeTestDriver: true, env: { ACTIVATION_TIMES: times } },
    cleanup,
  );
  const browser = await launchBrowser(cleanup);
  const url = await addressOfRun(server, suite);
  // The first host warms up the caches of the server and of the system.
  for (let run = 0; run <= RUNS; run++) await runInFreshHost(browser, url);
  const lines = (await readFile(times, 'utf8')).trim().split('\n').slice(1);
  const measured = lines.map((line) => JSON.parse(line) as ActivationTimes);
  if (measured.length !== RUNS) throw new Error(`${measured.length} of ${RUNS} activations were measured`);
  return measured;
}

/** The workbench runs suites only for an extension under development: the installed one is said to be that. */
async function addressOfRun({ dataDirectory, port, url }: WorkbenchServer, suite: string): Promise<string> {
  const extensions = join(dataDirectory, 'extensions');
  const installed = (await readdir(extensions)).find((name) => name.startsWith('vscode-qmp.'));
  if (installed === undefined) throw new Error(`${VSIX} is not among the installed extensions`);
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(join(extensions, installed))],
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
  ];
  return `${url}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

async function runInFreshHost(browser: Browser, url: string): Promise<void> {
  const lines: string[] = [];
  const page = await browser.newPage();
  const ended = new Promise<number>((resolve) => {
    // The two functions by which the workbench tells its tester what happens.
    void page.exposeFunction('codeAutomationExit', resolve);
    void page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      lines.push(`${type} ${args.join(' ')}`);
    });
  });
  await page.goto(url);
  const code = await withDeadline(ended, 'the extension host to activate the extension', 60_000);
  if (code !== 0) throw new Error(`The activation failed:\n${lines.slice(-20).join('\n')}`);
  // A window that still lives keeps its extension host.
  await page.close();
}
