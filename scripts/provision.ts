// npm run provision: makes sure of the programs that demo and tests need, and says what is missing otherwise.

import { runMain } from './process/runMain.ts';
import { provisionWorkbench } from './provision/workbench.ts';

await runMain(async ({ cleanup }) => {
  await provisionWorkbench(cleanup);
  return 0;
});
