// npm test [-- --only unit,qemu,host,e2e]: everything, one part after the other.
import { parseArgs } from 'node:util';
import { packageExtension } from './packageExtension.ts';
import type { Cleanup } from './process/cleanup.ts';
import { ExpectedError } from './process/errors.ts';
import { runMain } from './process/runMain.ts';
import { provisionMachine } from './provision/machine.ts';
import { provisionOldQemu } from './provision/oldQemu.ts';
import { provisionWorkbench } from './provision/workbench.ts';
import { say, sayStep } from './say.ts';
import { runCheck } from './testing/check.ts';
import { addCounts, type Counts, formatCounts, NO_TESTS, ONE_FAILED } from './testing/counts.ts';
import { runHostTests } from './testing/hostTests.ts';
import { runNodeTests } from './testing/nodeTests.ts';

interface Part {
  readonly heading: string;
  run(cleanup: Cleanup): Promise<Counts>;
}

const PARTS: Record<string, Part> = {
  unit: { heading: 'Check', run: runCheck },
  qemu: { heading: 'Tests with real QEMU', run: runQemuTests },
  host: { heading: 'Tests in the extension host', run: runInHost },
  e2e: { heading: 'Tests in the browser, end to end', run: runEndToEnd },
};

async function runQemuTests(cleanup: Cleanup): Promise<Counts> {
  await provisionMachine(['qemu', 'nasm', 'libvirtd', 'virsh']);
  await provisionOldQemu(cleanup);
  return runNodeTests({ folder: 'test/qemu', concurrency: 1 }, cleanup);
}

async function runInHost(cleanup: Cleanup): Promise<Counts> {
  await provisionMachine(['qemu', 'chromium']);
  await provisionWorkbench(cleanup);
  return runHostTests(cleanup);
}

async function runEndToEnd(cleanup: Cleanup): Promise<Counts> {
  await provisionMachine(['qemu', 'chromium']);
  await provisionWorkbench(cleanup);
  await provisionOldQemu(cleanup);
  await packageExtension();
  return runNodeTests({ folder: 'test/e2e', concurrency: 1 }, cleanup);
}

function chosenParts(only: string | undefined): Part[] {
  if (only === undefined) return Object.values(PARTS);
  return only.split(',').map((name) => {
    const part = PARTS[name];
    if (!part) throw new ExpectedError(`--only ${name}: the parts are ${Object.keys(PARTS).join(', ')}.`);
    return part;
  });
}

// A part that cannot run, for want of a tool or else, has failed; the others still run.
async function runPart({ heading, run }: Part, cleanup: Cleanup): Promise<Counts> {
  say(`\n════ ${heading}`);
  try {
    const counts = await run(cleanup);
    if (counts.passed + counts.failed > 0) return counts;
    say('FAILED: no test ran.');
  } catch (error) {
    say(
      `FAILED: ${error instanceof ExpectedError ? error.message : String((error as Error).stack ?? error)}`,
    );
  }
  return ONE_FAILED;
}

await runMain(async ({ cleanup }) => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  let total = NO_TESTS;
  const summary: string[] = [];
  for (const part of chosenParts(values.only)) {
    const started = performance.now();
    const counts = await runPart(part, cleanup);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    summary.push(`${part.heading}: ${formatCounts(counts)} (${seconds} s)`);
    total = addCounts(total, counts);
  }
  sayStep('Summary');
  for (const line of summary) say(line);
  say(formatCounts(total));
  return total.failed === 0 ? 0 : 1;
});
