import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { type RealQemu, startQemu } from './realQemu.ts';
import { withDeadline } from './withDeadline.ts';

/** A paused VM of which a migration stays active for minutes without taking the machine's time. */
export async function startMigratingQemu(): Promise<RealQemu> {
  const qemu = await startQemu({ args: ['-M', 'pc', '-m', '512', '-S'] });
  try {
    const monitor = await connectMonitor(qemu.address);
    await monitor.execute('migrate-set-parameters', { 'max-bandwidth': 20_000, 'downtime-limit': 1 });
    await monitor.execute('migrate', { uri: 'exec:cat >/dev/null' });
    const active = async (): Promise<void> => {
      for (;;) {
        const { status, ram } = (await monitor.execute('query-migrate')) as JsonObject;
        if (status === 'active' && Number((ram as JsonObject)['mbps']) > 0) return;
      }
    };
    await withDeadline(active(), 'an active migration', 30_000);
    await monitor.close();
    return qemu;
  } catch (error) {
    await qemu.kill();
    throw error;
  }
}
