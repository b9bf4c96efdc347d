import { execa } from 'execa';
import { ROOT } from '../paths.ts';
import { say } from '../say.ts';
import type { Counts } from './counts.ts';

/** Runs one of the repository's own tools and shows what it prints; it counts as one test. */
export async function runTool(name: string, args: readonly string[]): Promise<Counts> {
  const { failed, shortMessage } = await execa(name, args, {
    cwd: ROOT,
    preferLocal: true,
    localDir: ROOT,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (failed) say(shortMessage);
  return failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}
