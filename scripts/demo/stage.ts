import { VmPair } from '../../src/lab/vmPair.ts';
import { packageExtension } from '../packageExtension.ts';
import { VSIX } from '../paths.ts';
import type { Cleanup } from '../process/cleanup.ts';
import type { MainContext } from '../process/runMain.ts';
import { provisionMachine } from '../provision/machine.ts';
import { provisionWorkbench } from '../provision/workbench.ts';
import { sayStep } from '../say.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../workbench/server.ts';
import { VM_NAMES } from './labels.ts';

/** What the demo is played on. */
export interface Stage {
  readonly pair: VmPair;
  readonly server: WorkbenchServer;
}

/** Gets everything that the demo needs and packs the extension. */
export async function setUp(needsBrowser: boolean, cleanup: Cleanup): Promise<void> {
  sayStep('Set-up');
  await provisionMachine(needsBrowser ? ['qemu', 'chromium'] : ['qemu']);
  await provisionWorkbench(cleanup);
  await packageExtension();
}

/**
 * Starts two real QEMUs and a VS Code with the packed extension, which knows both of them.
 * @param sourceArguments further ones of the source's QEMU.
 */
export async function openStage(
  port: number | undefined,
  { cleanup, signal }: MainContext,
  sourceArguments: readonly string[] = [],
): Promise<Stage> {
  sayStep('Starting two QEMUs and VS Code');
  const starting = VmPair.start({ signal, sourceArguments });
  // When the start is interrupted, it cleans up by itself, but that has to be waited for.
  cleanup.add('stop the local VM pair', () =>
    starting.then(
      (started) => started.stop(),
      () => undefined,
    ),
  );
  const pair = await starting;
  const connections = [
    { name: VM_NAMES.source, address: pair.source.address },
    { name: VM_NAMES.destination, address: pair.destination.address },
  ];
  const server = await startWorkbenchServer(
    { vsix: VSIX, settings: { 'qmp.connections': connections }, ...(port === undefined ? {} : { port }) },
    cleanup,
  );
  return { pair, server };
}
