import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { HOST_SUITE, ROOT } from './paths.ts';
import { writeThirdPartyNotices } from './thirdPartyNotices.ts';

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // jsonc-parser's UMD build hides its requires from the bundler.
  mainFields: ['module', 'main'],
} satisfies BuildOptions;
const NODE = { ...COMMON, platform: 'node', target: 'node20', format: 'cjs' } satisfies BuildOptions;
const BROWSER = {
  ...COMMON,
  platform: 'browser',
  target: 'chrome128',
  format: 'iife',
} satisfies BuildOptions;

/**
 * What the extension imports dynamically gets a file of its own: to read it all as one file would take most of the time
 * that the activation takes.
 */
const LOADED_LATER = ['src/extension/language/runningClient.ts', 'src/migration/validateRun.ts'];

const KEEP_APART: Plugin = {
  name: 'keep-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path: request, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = path.relative(ROOT, path.join(resolveDir, request));
      if (!LOADED_LATER.includes(file)) return { errors: [{ text: `${file} is not one of LOADED_LATER.` }] };
      return { path: `./${path.basename(file, '.ts')}.cjs`, external: true };
    });
  },
};

/**
 * Each module that imports "vscode" would get a copy of the whole namespace, and the editor would look up anew whose request
 * it is: together half of the time that loading takes. So they share one.
 */
const SHARE_VSCODE: Plugin = {
  name: 'share-vscode',
  setup({ onResolve, onLoad }) {
    const namespace = 'share-vscode';
    onResolve({ filter: /^vscode$/ }, ({ kind, namespace: importer }) =>
      kind === 'import-statement' && importer !== namespace
        ? { path: 'vscode', namespace }
        : { path: 'vscode', external: true },
    );
    onLoad({ filter: /.*/, namespace }, () => ({ contents: "export * from 'vscode';" }));
  },
};

/** Bundles the programs of the extension into dist/: extension, language server, chart page. */
export async function buildExtension({ development }: { development: boolean }): Promise<void> {
  const style: BuildOptions = { minify: !development, sourcemap: development ? 'inline' : false };
  await rm(path.join(ROOT, 'dist'), { recursive: true, force: true });
  const results = await Promise.all([
    build({
      ...NODE,
      ...style,
      entryPoints: ['src/extension/extension.ts', ...LOADED_LATER],
      outdir: 'dist',
      entryNames: '[name]',
      outExtension: { '.js': '.cjs' },
      plugins: [KEEP_APART, SHARE_VSCODE],
      // The editor provides the module "vscode" to require(), of which import() may know nothing.
      supported: { 'dynamic-import': false },
    }),
    build({ ...NODE, ...style, entryPoints: ['src/server/server.ts'], outfile: 'dist/server.cjs' }),
    build({ ...BROWSER, ...style, entryPoints: ['src/webview/chart.ts'], outfile: 'dist/chart.js' }),
  ]);
  const notices = path.join(ROOT, 'dist', 'ThirdPartyNotices.txt');
  await writeThirdPartyNotices(
    results.flatMap(({ metafile }) => metafile ?? []),
    notices,
  );
}

/**
 * Bundles the Mocha suite that runs inside the editor's extension host.
 * @throws when a suite file is not part of test/host/index.ts and would silently not run.
 */
export async function buildHostTests(): Promise<void> {
  const { metafile } = await build({
    ...NODE,
    entryPoints: ['test/host/index.ts'],
    outfile: HOST_SUITE,
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  const suites = (await readdir(path.join(ROOT, 'test/host/suite'))).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const forgotten = suites.filter((name) => !(`test/host/suite/${name}` in metafile.inputs));
  if (forgotten.length > 0) {
    throw new Error(`test/host/index.ts does not import ${forgotten.join(', ')} of test/host/suite.`);
  }
}
