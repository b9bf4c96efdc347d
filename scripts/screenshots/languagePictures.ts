import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '../process/until.ts';
import type { Scene } from './scene.ts';

const FILE = 'migrate.qmp';
const TEXT = `# Declare what the link carries while the guest stands still
{
  "execute": "migrate-set-parameters",
  "arguments": { "avail-switchover-bandwidth": 104857600, "downtime-limit": 300 }
}

# The short form of qmp-shell
migrate-set-parameters max-bandwidth=33554432
query-migrate
`;
const START_DEADLINE_MS = 40_000;
const WINDOW = { width: 1000, height: 430 };

/** Help in a .qmp document: completion in its last line but one, and the hover of its first number. */
export async function picturesOfLanguage({ workbench, camera, server }: Scene): Promise<void> {
  const { page, quickInput } = workbench;
  await camera.resize(WINDOW);
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await workbench.runCommand('View: Toggle Minimap');
  await writeFile(path.join(server.folder, FILE), TEXT);
  await workbench.runCommand('Go to File...');
  await quickInput.type(FILE);
  await quickInput.pick(FILE);
  const editor = page.locator('.part.editor');
  const line = editor.locator('.view-line');
  const number = editor.locator('.view-line span', { hasText: /^\s*104857600$/ }).last();
  const hover = page.locator('.monaco-hover', { hasText: 'Switches over' });
  // Nothing is shown until the language server has started, and the editor asks once only until the pointer was elsewhere.
  await until(
    'the hover of the number',
    async () => {
      await line.last().hover();
      await number.hover();
      await hover.waitFor({ timeout: 3_000 });
      return true;
    },
    START_DEADLINE_MS,
  );
  await camera.element('qmp-hover', editor);
  await page.keyboard.press('Escape');
  await hover.waitFor({ state: 'hidden' });
  await editor.locator('.view-line', { hasText: 'max-bandwidth' }).click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('End');
  await page.keyboard.type(' a');
  const suggestions = page.locator('.suggest-widget.visible');
  const wanted = suggestions.locator('.monaco-list-row', { hasText: 'avail-switchover-bandwidth' });
  await wanted.waitFor();
  while (!(await wanted.getAttribute('class'))?.includes('focused')) await page.keyboard.press('ArrowDown');
  const details = page.locator('.suggest-details-container');
  if (!(await details.isVisible())) await page.keyboard.press('Control+Space');
  await details.filter({ hasText: 'since QEMU 8.2' }).waitFor();
  await camera.element('qmp-completion', editor);
  await page.keyboard.press('Escape');
  await workbench.runCommand('File: Revert File');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
}
