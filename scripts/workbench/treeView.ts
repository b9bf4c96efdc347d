import type { Locator, Page } from 'playwright-core';
import { until } from '../process/until.ts';
import { labelled } from './locators.ts';

export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for the roots. */
  readonly level: number;
  /** Undefined for a leaf. */
  readonly expanded: boolean | undefined;
  /** The codicon, e.g. "codicon-vm-running"; empty without one. */
  readonly icon: string;
  readonly ariaLabel: string;
}

/** One view of the side bar. */
export class TreeView {
  private readonly page: Page;
  private readonly pane: Locator;

  /** @param title what stands in the view's header. */
  constructor(page: Page, title: string) {
    this.page = page;
    const header = page.locator('.pane-header .title', { hasText: title });
    this.pane = page.locator('.pane', { has: header }).first();
  }

  async waitUntilVisible(): Promise<void> {
    await this.pane.waitFor();
  }

  async rows(): Promise<TreeRow[]> {
    return this.pane.locator('.monaco-list-row').evaluateAll((elements) =>
      elements.map((row) => {
        const expanded = row.getAttribute('aria-expanded');
        const icon = row.querySelector('.custom-view-tree-node-item-icon');
        return {
          label: row.querySelector('.label-name')?.textContent?.trim() ?? '',
          description: row.querySelector('.label-description')?.textContent?.trim() ?? '',
          level: Number(row.getAttribute('aria-level')),
          expanded: expanded === null ? undefined : expanded === 'true',
          icon: [...(icon?.classList ?? [])].filter((name) => name.startsWith('codicon-')).join(' '),
          ariaLabel: row.getAttribute('aria-label') ?? '',
        };
      }),
    );
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    return labelled(this.pane.locator('.monaco-list-row'), label).first();
  }

  /** Clicks an action that a row shows while the mouse is over it, by the start of its title. */
  async clickInlineAction(label: string, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`.actions .action-label[aria-label^="${action}"]`).first().click();
  }

  /** Chooses from a row's context menu, by the start of the entry. */
  async chooseFromMenu(label: string, entry: string): Promise<void> {
    await this.row(label).click({ button: 'right' });
    const item = this.page.locator('.monaco-menu .action-label', { hasText: entry }).first();
    await item.waitFor();
    // A menu takes no click in its first tenth of a second.
    await until(`the menu entry "${entry}" to be taken`, async () => {
      if (await item.isVisible()) await item.click({ timeout: 1_000 });
      return !(await item.isVisible());
    });
  }

  /** The view's welcome content; a button or link of it is clicked by its text. */
  async clickWelcome(text: string): Promise<void> {
    const content = this.pane.locator('.welcome-view-content');
    await content.locator('.monaco-button, a', { hasText: text }).first().click();
  }

  async welcomeText(): Promise<string> {
    return ((await this.pane.locator('.welcome-view-content').textContent()) ?? '').trim();
  }
}
