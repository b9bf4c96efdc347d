import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from './paths.ts';

/**
 * Writes the licences of all packages that went into the bundles: most of them ask to be passed on with the code.
 * @throws when a package brings no licence
 */
export async function writeThirdPartyNotices(metafiles: readonly Metafile[], file: string): Promise<void> {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.flatMap((input) => packageOf(input) ?? []));
  const notices = await Promise.all([...packages].sort().map(noticeOf));
  await writeFile(file, notices.join('\n\n'));
}

/** "node_modules/uplot" for a file in it; the innermost of nested packages. */
function packageOf(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function noticeOf(folder: string): Promise<string> {
  const directory = path.join(ROOT, folder);
  const manifest = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8'));
  const licence = (await readdir(directory)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (!licence) throw new Error(`${folder} brings no licence text: it can't be shipped.`);
  const text = await readFile(path.join(directory, licence), 'utf8');
  return `${manifest.name} ${manifest.version} (${manifest.license})\n${'-'.repeat(60)}\n${text.trim()}\n`;
}
