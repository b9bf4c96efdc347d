import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { ROOT } from '../../../scripts/paths.ts';

interface Manifest {
  scripts: Record<string, string>;
  contributes: {
    commands: { title: string; category: string }[];
    configuration: { properties: Record<string, { default: unknown }> };
  };
}

describe('the README', () => {
  let readme: string;
  let manifest: Manifest;

  before(async () => {
    readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
    manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  });

  function matches(pattern: RegExp): string[] {
    return [...readme.matchAll(pattern)].map((match) => match[1] ?? '');
  }

  test('links only to files and sections that exist', () => {
    const targets = matches(/\]\(([^)\s]+)\)/g).filter((target) => !/^https?:/.test(target));
    const files = targets.filter((target) => !target.startsWith('#'));
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(ROOT, file))),
      [],
    );
    const sections = matches(/^#+ (.+)$/gm).map(anchorOf);
    const missing = targets.filter((target) => target.startsWith('#') && !sections.includes(target.slice(1)));
    assert.deepEqual(missing, []);
  });

  test('shows every picture of docs/images, and all of them are small', async () => {
    const folder = path.join(ROOT, 'docs', 'images');
    const pictures = await readdir(folder);
    const shown = matches(/!\[[^\]]+\]\(docs\/images\/([^)]+)\)/g);
    assert.deepEqual(pictures.toSorted(), shown.toSorted());
    const sizes = await Promise.all(pictures.map(async (name) => (await stat(path.join(folder, name))).size));
    assert.ok(Math.max(...sizes) <= 150_000, `the largest has ${Math.max(...sizes)} bytes`);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(total <= 1_000_000, `all of them have ${total} bytes`);
  });

  test('lists every setting with its default', () => {
    const rows = [...readme.matchAll(/^\| `(qmp\.[^`]+)` \| `([^`]+)` \|/gm)].map(([, id, value]) => [
      id,
      value,
    ]);
    const settings = Object.entries(manifest.contributes.configuration.properties).map(([id, setting]) => [
      id,
      typeof setting.default === 'string' ? setting.default : JSON.stringify(setting.default),
    ]);
    assert.deepEqual(rows, settings);
  });

  test('names only commands and npm scripts that exist', () => {
    const titles = manifest.contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    const named = matches(/\*(QMP: [^*]+)\*/g);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((name) => !titles.includes(name)),
      [],
    );
    const scripts = matches(/npm run ([\w:-]+)/g);
    assert.deepEqual(
      scripts.filter((name) => !(name in manifest.scripts)),
      [],
    );
  });
});

/** As GitHub and VS Code make it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
