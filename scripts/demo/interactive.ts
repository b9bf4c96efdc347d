import { once } from 'node:events';
import os from 'node:os';
import { createInterface } from 'node:readline';
import type { MainContext } from '../process/runMain.ts';
import { say } from '../say.ts';
import type { Stage } from './stage.ts';

/** Says where to look and what to do, and stays until the signal. Enter gives a fresh pair of VMs. */
export async function stayOpen({ pair, server }: Stage, { cleanup, signal }: MainContext): Promise<number> {
  const forward = `ssh -L ${server.port}:127.0.0.1:${server.port} ${os.hostname()}`;
  say(`
Open this address in a browser on this machine:

  ${server.url}

From another machine, first run "${forward}" there, then open the same address.

Click the QMP icon at the left edge: "source" is a running VM, "destination" waits for it. Point at "source", click
the arrow "Migrate VM…", choose "destination" and go through the steps: first with "Not declared" and a
max-bandwidth of 32MiB/s (it never switches over; cancel it), then with 100MiB/s declared.`);
  if (process.stdin.isTTY) {
    say('\nPress Enter for a fresh pair of VMs after a migration, Ctrl-C to end everything.');
    const lines = createInterface({ input: process.stdin });
    cleanup.add('close the terminal input', () => lines.close());
    lines.on('line', () => void renew(pair, signal));
  } else {
    say('\nSend SIGINT or SIGTERM to end everything.');
  }
  if (!signal.aborted) await once(signal, 'abort');
  return 0;
}

async function renew(pair: Stage['pair'], signal: AbortSignal): Promise<void> {
  say('Starting both VMs anew …');
  await pair.reset(signal);
  say('Both VMs are fresh; click the arrow of a VM that shows as unreachable.');
}
