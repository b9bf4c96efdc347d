import { availableParallelism } from 'node:os';
import type { Cleanup } from '../process/cleanup.ts';
import { sayStep } from '../say.ts';
import { addCounts, type Counts } from './counts.ts';
import { runNodeTests } from './nodeTests.ts';
import { runTool } from './tool.ts';

/** What needs neither QEMU nor a browser: types, lint, dead code and unit tests. */
export async function runCheck(cleanup: Cleanup): Promise<Counts> {
  sayStep('Types');
  const types = await runTool('tsc', ['--build']);
  sayStep('Lint and format');
  const lint = await runTool('biome', ['check', '--error-on-warnings']);
  sayStep('Dead code');
  const deadCode = await runTool('knip', []);
  sayStep('Unit tests');
  const unit = await runNodeTests({ folder: 'test/unit', concurrency: availableParallelism() }, cleanup);
  return [types, lint, deadCode].reduce(addCounts, unit);
}
