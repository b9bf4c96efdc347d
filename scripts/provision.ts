// npm run provision: makes sure of the programs that demo and tests need, and says what is missing otherwise.
import { runMain } from './process/runMain.ts';
import { provisionMachine } from './provision/machine.ts';
import { provisionOldQemu } from './provision/oldQemu.ts';
import { provisionWorkbench } from './provision/workbench.ts';
import { say } from './say.ts';

await runMain(async ({ cleanup }) => {
  await provisionMachine(['qemu', 'chromium', 'nasm', 'libvirtd', 'virsh']);
  await provisionWorkbench(cleanup);
  await provisionOldQemu(cleanup);
  say('Everything that demo and tests need is there.');
  return 0;
});
