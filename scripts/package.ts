// npm run package: the extension as one .vsix file.
import { packageExtension } from './packageExtension.ts';
import { runMain } from './process/runMain.ts';

await runMain(async () => {
  await packageExtension();
  return 0;
});
