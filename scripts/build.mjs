// Bundles the three programs of the extension into dist/: extension, language server, chart page.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const development = process.argv.includes('--dev');

const common = {
  bundle: true,
  minify: !development,
  sourcemap: development ? 'inline' : false,
  legalComments: 'none',
  logLevel: 'warning',
  // jsonc-parser's UMD build hides its requires from the bundler.
  mainFields: ['module', 'main'],
};
const node = { ...common, platform: 'node', target: 'node20', format: 'cjs', external: ['vscode'] };
const browser = { ...common, platform: 'browser', target: 'chrome128', format: 'iife' };

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({ ...node, entryPoints: ['src/extension/extension.ts'], outfile: 'dist/extension.cjs' }),
  build({ ...node, entryPoints: ['src/server/server.ts'], outfile: 'dist/server.cjs' }),
  build({ ...browser, entryPoints: ['src/webview/chart.ts'], outfile: 'dist/chart.js' }),
]);
