import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { commandIds, settingIds, viewIds, webviewIds } from '../../../src/extension/ids.ts';
import { bootSector } from '../../../src/lab/bootSector.ts';
import { labDefaults } from '../../../src/lab/labDefaults.ts';

interface Manifest {
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: {
      properties: Record<
        string,
        {
          scope?: string;
          description?: string;
          markdownDescription?: string;
          minimum?: number;
          maximum?: number;
          default: unknown;
        }
      >;
    };
  };
}

const manifest = JSON.parse(
  await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
) as Manifest;
const { contributes } = manifest;
const sorted = (names: Iterable<string>): string[] => [...names].sort();

test('commands of ids.ts and of package.json are the same', () => {
  assert.deepEqual(
    sorted(contributes.commands.map(({ command }) => command)),
    sorted(Object.values(commandIds)),
  );
});

test('views, settings and webviews of ids.ts and of package.json are the same', () => {
  const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
  assert.deepEqual(sorted(views), sorted(Object.values(viewIds)));
  assert.deepEqual(
    sorted(Object.keys(contributes.configuration.properties)),
    sorted(Object.values(settingIds)),
  );
  const webviews = Object.values(webviewIds).map((id) => `onWebviewPanel:${id}`);
  assert.deepEqual(sorted(manifest.activationEvents), sorted(webviews));
});

test('every command has the category QMP and a title', () => {
  for (const { command, title, category } of contributes.commands) {
    assert.equal(category, 'QMP', command);
    assert.match(title, /^[A-Z]/, command);
  }
});

test('menus and welcome views name commands that exist', () => {
  const known = new Set<string>(Object.values(commandIds));
  const inMenus = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
  const inWelcome = contributes.viewsWelcome.flatMap(({ contents }) =>
    [...contents.matchAll(/command:([\w.]+)/g)].map((m) => m[1] ?? ''),
  );
  for (const command of [...inMenus, ...inWelcome])
    assert.ok(known.has(command), `${command} is not a command of ours`);
});

test('no setting that names a program or an address can be set by a workspace', () => {
  const { properties } = contributes.configuration;
  for (const id of [settingIds.connections, settingIds.qemuPath])
    assert.equal(properties[id]?.scope, 'machine', id);
});

test('every setting is described', () => {
  for (const [id, { description, markdownDescription }] of Object.entries(
    contributes.configuration.properties,
  )) {
    assert.ok(description ?? markdownDescription, id);
  }
});

test('a local pair can be made with every value that its settings allow, and its defaults are those of the lab', () => {
  const mebibyte = 1024 * 1024;
  const range = (id: string): number[] => {
    const { minimum = Number.NaN, maximum = Number.NaN } = contributes.configuration.properties[id] ?? {};
    return [minimum * mebibyte, maximum * mebibyte];
  };
  for (const workingSetBytes of range(settingIds.workingSetMiB)) {
    for (const dirtyBytesPerSecond of range(settingIds.dirtyRateMiBPerSecond)) {
      bootSector({ workingSetBytes, dirtyBytesPerSecond, memoryBytes: labDefaults.memoryMiB * mebibyte });
    }
  }
  const defaultOf = (id: string): unknown => contributes.configuration.properties[id]?.default;
  assert.equal(defaultOf(settingIds.workingSetMiB), labDefaults.workingSetBytes / mebibyte);
  assert.equal(defaultOf(settingIds.dirtyRateMiBPerSecond), labDefaults.dirtyBytesPerSecond / mebibyte);
});
