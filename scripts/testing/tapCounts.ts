import type { Counts } from './counts.ts';

/**
 * Counts the tests in the TAP report of `node --test`. Skipped and unfinished ones count as failed: a test that does
 * not run tells nothing. So does a file without any test, which Node itself reports as passed.
 * @param files the test files, as they were given to Node.
 */
export function countTap(report: string, files: readonly string[]): Counts {
  const total = (name: string) => Number(lastMatch(report, new RegExp(`^# ${name} (\\d+)$`, 'gm')) ?? 0);
  const passed = [...report.matchAll(/^ok \d+ - (.*)$/gm)].map((match) => match[1] ?? '');
  const empty = passed.filter((name) => files.includes(name)).length;
  return {
    passed: total('pass') - empty,
    failed: ['fail', 'cancelled', 'skipped', 'todo'].reduce((sum, name) => sum + total(name), empty),
  };
}

function lastMatch(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}
