// npm run test:desktop: the extension-host tests inside desktop VS Code, which is downloaded for it.
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildExtension, buildHostTests } from './bundles.ts';
import { CACHE, HOST_SUITE, ROOT } from './paths.ts';
import { runMain } from './process/runMain.ts';
import { provisionMachine } from './provision/machine.ts';

await runMain(async ({ cleanup }) => {
  await provisionMachine(['qemu']);
  await buildExtension({ development: false });
  await buildHostTests();
  const userData = await cleanup.makeTemporaryDirectory('qmp-desktop-');
  return runTests({
    cachePath: path.join(CACHE, 'vscode-desktop'),
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: HOST_SUITE,
    launchArgs: ['--user-data-dir', userData, '--disable-extensions', '--disable-workspace-trust'],
  });
});
