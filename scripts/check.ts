// npm run check: types, lint, dead code and unit tests.
import { runMain } from './process/runMain.ts';
import { say } from './say.ts';
import { runCheck } from './testing/check.ts';
import { formatCounts } from './testing/counts.ts';

await runMain(async ({ cleanup }) => {
  const counts = await runCheck(cleanup);
  say(`\n${formatCounts(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});
