import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { buildExtension } from './bundles.ts';
import { packagedReadme } from './packagedReadme.ts';
import { CACHE, ROOT, VSIX } from './paths.ts';
import { say } from './say.ts';

/** Of the package, from the repository's root; made with it. */
const README = 'dist/README.md';

/** Builds and packs the extension into {@link VSIX}, and says how big it became. Needs no git remote and no network. */
export async function packageExtension(): Promise<void> {
  await buildExtension({ development: false });
  await mkdir(CACHE, { recursive: true });
  await writeReadme(path.join(ROOT, README));
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const { all } = await execa('vsce', ['package', ...options, '--readme-path', README, '--out', VSIX], {
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

async function writeReadme(target: string): Promise<void> {
  const readPicture = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'base64');
  await writeFile(
    target,
    await packagedReadme(await readFile(path.join(ROOT, 'README.md'), 'utf8'), readPicture),
  );
}
