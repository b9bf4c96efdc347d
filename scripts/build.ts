// npm run build [-- --dev]: the bundles of the extension; with --dev readable, and the extension-host tests too.
import { buildExtension, buildHostTests } from './bundles.ts';
import { runMain } from './process/runMain.ts';

const development = process.argv.includes('--dev');

await runMain(async () => {
  await buildExtension({ development });
  if (development) await buildHostTests();
  return 0;
});
