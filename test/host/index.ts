import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * What the editor calls inside its extension host. The report goes to the file in HOST_TEST_REPORT and the counts to
 * the one in HOST_TEST_COUNTS where the runner has set them, and to the console otherwise.
 */
export async function run(): Promise<void> {
  const report = process.env['HOST_TEST_REPORT'];
  if (report) {
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) =>
      appendFileSync(report, `${format(...parts)}\n`);
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, forbidOnly: true, forbidPending: true });
  // Makes describe and it known to the files that are loaded next.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await loadSuites();
  const counts = await new Promise<{ passed: number; failed: number }>((resolve) => {
    const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
  });
  const countsFile = process.env['HOST_TEST_COUNTS'];
  if (countsFile) writeFileSync(countsFile, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed.`);
}

async function loadSuites(): Promise<void> {
  await import('./suite/activation.test.ts');
  await import('./suite/language.test.ts');
  await import('./suite/settings.test.ts');
}
