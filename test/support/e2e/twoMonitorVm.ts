import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { Monitor } from '../../../src/qmp/monitor.ts';
import { type RealQemu, startQemu } from '../qmp/realQemu.ts';

/** A QEMU with a monitor for the extension and one for the test. */
export interface TwoMonitorVm extends AsyncDisposable {
  readonly name: string;
  /** The monitor for the extension. */
  readonly address: string;
  /** The test's own session with the same QEMU. */
  readonly control: Monitor;
  readonly qemu: RealQemu;
}

export async function startTwoMonitorVm(name: string, transport: 'unix' | 'tcp'): Promise<TwoMonitorVm> {
  const folder = await mkdtemp(join(tmpdir(), 'qmp-second-'));
  const second = join(folder, 'control.sock');
  const args = ['-M', 'none', '-name', name, '-qmp', `unix:${second},server=on,wait=off`];
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const qemu = await startQemu({ transport, args }).catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  const end = async (): Promise<void> => {
    await qemu.kill();
    await removeFolder();
  };
  try {
    const control = await connectMonitor(`unix:${second}`);
    const dispose = async (): Promise<void> => {
      await control.close();
      await end();
    };
    return { name, address: qemu.address, control, qemu, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await end();
    throw error;
  }
}
