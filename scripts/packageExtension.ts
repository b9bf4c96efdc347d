import { mkdir, stat } from 'node:fs/promises';
import { execa } from 'execa';
import { buildExtension } from './bundles.ts';
import { CACHE, ROOT, VSIX } from './paths.ts';
import { say } from './say.ts';

/** Builds and packs the extension into {@link VSIX}, and says how big it became. Needs no git remote and no network. */
export async function packageExtension(): Promise<void> {
  await buildExtension({ development: false });
  await mkdir(CACHE, { recursive: true });
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const { all } = await execa('vsce', ['package', ...options, '--out', VSIX], {
    cwd: ROOT,
    preferLocal: true,
    localDir: ROOT,
    stdin: 'ignore',
    all: true,
  });
  const listed = all.split('\n').filter((line) => /WARN|ERROR/.test(line));
  for (const line of listed) say(line.trim());
  const { size } = await stat(VSIX);
  say(`${VSIX}: ${(size / 1024).toFixed(1)} KiB`);
}
