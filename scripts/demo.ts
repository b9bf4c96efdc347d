// npm run demo: two real QEMUs and VS Code with the extension, in the browser, until Ctrl-C.
// npm run demo -- --headless --out DIR: does the main job by itself through the same UI and leaves its results in DIR.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stayOpen } from './demo/interactive.ts';
import { doMainJob } from './demo/mainJob.ts';
import { openStage, setUp } from './demo/stage.ts';
import { ExpectedError } from './process/errors.ts';
import { runMain } from './process/runMain.ts';

const DEADLINE_MS = 4 * 60_000;

await runMain(async (context) => {
  const { values } = parseArgs({
    options: { headless: { type: 'boolean' }, out: { type: 'string' }, port: { type: 'string' } },
  });
  const out = values.out;
  if (values.headless && out === undefined) {
    throw new ExpectedError('--headless needs --out DIR, where the records, report and pictures go.');
  }
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) {
    throw new ExpectedError(`--port ${values.port}: give the number of a TCP port.`);
  }
  await setUp(values.headless === true, context.cleanup);
  if (!values.headless || out === undefined) {
    const port = values.port === undefined ? undefined : Number(values.port);
    return stayOpen(await openStage(port, context), context);
  }
  const late = new Promise<never>((_, reject) => {
    const tell = () =>
      reject(new ExpectedError(`The demo took longer than ${DEADLINE_MS / 60_000} minutes.`));
    setTimeout(tell, DEADLINE_MS).unref();
  });
  const job = openStage(undefined, context).then((stage) =>
    doMainJob({ ...stage, out: path.resolve(out) }, context),
  );
  return (await Promise.race([job, late])) ? 0 : 1;
});
