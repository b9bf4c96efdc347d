// npm run bench: measures what the README promises about speed, on real QEMU.
import { packageExtension } from './packageExtension.ts';
import { ROOT } from './paths.ts';
import { runOwned } from './process/ownedProcess.ts';
import { runMain } from './process/runMain.ts';
import { provisionMachine } from './provision/machine.ts';
import { provisionWorkbench } from './provision/workbench.ts';

await runMain(async ({ cleanup }) => {
  await provisionMachine(['qemu', 'chromium']);
  await provisionWorkbench(cleanup);
  await packageExtension();
  const program = ['--import', 'tsx', 'test/bench/bench.ts', ...process.argv.slice(2)];
  const { exitCode } = await runOwned(cleanup, process.execPath, program, { cwd: ROOT, show: true });
  return exitCode ?? 1;
});
