import type { Page } from 'playwright-core';
import { until } from '../../../scripts/process/until.ts';

/**
 * Waits until what the window would restore after a reload contains each of the texts. In a browser VS Code writes it
 * every few seconds, not when the page is left.
 */
export async function awaitSavedWindowState(page: Page, ...texts: string[]): Promise<void> {
  await until(
    `the window's state with ${texts.join(', ')} to be saved`,
    async () => {
      const state = await page.evaluate(readState);
      return texts.every((text) => state.includes(text));
    },
    60_000,
  );
}

/** Runs in the page: hands over the saved state of the editors. Has no named function in it, which tsx would wrap. */
async function readState(): Promise<string> {
  const databases = await indexedDB.databases();
  const name = databases.find((database) =>
    /^vscode-web-state-db-(?!global)/.test(database.name ?? ''),
  )?.name;
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name ?? '');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const items = database.transaction('ItemTable').objectStore('ItemTable');
      const reading = items.get('memento/workbench.parts.editor');
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        database.close();
        resolve(String(reading.result));
      };
    };
  });
}
