import type { Locator, Page } from 'playwright-core';
import { until } from '../process/until.ts';
import { labelled } from './locators.ts';

const ACTIVATION_DEADLINE_MS = 40_000;

export interface QuickItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** The one widget at the top that serves as command palette, quick pick and input box. */
export class QuickInput {
  private readonly page: Page;
  private readonly widget: Locator;
  private readonly box: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget');
    this.box = this.widget.locator('.quick-input-filter input');
  }

  /** Runs a command by its full title, e.g. "View: Toggle Zen Mode", as soon as the palette offers it. */
  async runCommand(title: string): Promise<void> {
    await until(`the palette to offer "${title}"`, () => this.tryCommand(title), ACTIVATION_DEADLINE_MS);
    // The command may open a pick of its own in the same widget: the palette's list must be gone before that is read.
    await until('the palette to close', async () => !(await this.isPaletteOpen()));
  }

  /** The title of the open step, e.g. "Migrate vm-a (2/4)". */
  async title(): Promise<string> {
    return textOf(this.widget.locator('.quick-input-title'));
  }

  /** Waits for a step whose title matches. */
  async waitForTitle(title: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  /** The note below the box: a prompt, an echo or a validation error. */
  async message(): Promise<string> {
    return textOf(this.widget.locator('.quick-input-message'));
  }

  /** What the pick offers, once it offers anything. */
  async items(): Promise<QuickItem[]> {
    const rows = this.widget.locator('.monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) =>
      elements.map((row) => ({
        label: row.querySelector('.label-name')?.textContent?.trim() ?? '',
        description: row.querySelector('.label-description')?.textContent?.trim() ?? '',
        detail: row.querySelector('.quick-input-list-label-meta')?.textContent?.trim() ?? '',
      })),
    );
  }

  /** Chooses the first row that contains the text. */
  async pick(text: string | RegExp): Promise<void> {
    await this.widget.locator('.monaco-list-row').filter({ hasText: text }).first().click();
  }

  /** Replaces what stands in the box, without accepting it. */
  async type(text: string): Promise<void> {
    await this.box.waitFor();
    await this.box.fill(text);
  }

  async typeAndAccept(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  /** What stands in the box. */
  async value(): Promise<string> {
    return this.box.inputValue();
  }

  /** Whether the open step has the button with which one returns to the step before. */
  async hasBackButton(): Promise<boolean> {
    return this.backButton.isVisible();
  }

  async goBack(): Promise<void> {
    await this.backButton.click();
  }

  /** Esc. */
  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  private get backButton(): Locator {
    return this.widget.locator('.quick-input-titlebar .action-label.codicon-quick-input-back');
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    return labelled(this.widget.locator('.monaco-list-row'), label).first();
  }

  private async tryCommand(title: string): Promise<boolean> {
    await this.page.keyboard.press('F1');
    await this.box.waitFor({ timeout: 2_000 });
    await this.box.fill(`>${title}`);
    try {
      await this.row(title).click({ timeout: 2_000 });
      return true;
    } catch {
      await this.dismiss();
      return false;
    }
  }

  private async isPaletteOpen(): Promise<boolean> {
    if (!(await this.box.isVisible())) return false;
    return (await this.box.inputValue()).startsWith('>');
  }
}

async function textOf(locator: Locator): Promise<string> {
  return ((await locator.textContent()) ?? '').trim();
}
