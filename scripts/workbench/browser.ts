import { type Browser, chromium } from 'playwright-core';
import type { Cleanup } from '../process/cleanup.ts';
import { chromiumPath } from '../provision/programs.ts';

const QUIET_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium of the system. `cleanup` closes it, if nobody does before. */
export async function launchBrowser(cleanup: Cleanup): Promise<Browser> {
  const launching = chromium.launch({
    executablePath: chromiumPath(),
    args: QUIET_FLAGS,
    // Signals are the cleanup's business: it has an order to keep.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  cleanup.add('close the browser', async () => {
    const browser = await launching.catch(() => undefined);
    await browser?.close();
  });
  return launching;
}
