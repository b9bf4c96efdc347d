import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput.ts';

export interface Notification {
  readonly message: string;
  readonly buttons: readonly string[];
  readonly severity: 'error' | 'warning' | 'info' | 'progress';
}

/** The messages at the lower right. */
export class Notifications {
  private readonly page: Page;
  private readonly quickInput: QuickInput;
  private readonly items: Locator;

  constructor(page: Page, quickInput: QuickInput) {
    this.page = page;
    this.quickInput = quickInput;
    this.items = page.locator('.notification-toast .notification-list-item');
  }

  /** Those that are shown right now; possibly none. */
  async visible(): Promise<Notification[]> {
    return this.items.evaluateAll((elements) =>
      elements.map((item) => {
        const icon = item.querySelector('.notification-list-item-icon');
        const severities = ['error', 'warning', 'info'] as const;
        const buttons = item.querySelectorAll('.notification-list-item-buttons-container .monaco-button');
        return {
          message: item.querySelector('.notification-list-item-message')?.textContent ?? '',
          buttons: [...buttons].map((button) => button.textContent ?? ''),
          severity: severities.find((name) => icon?.classList.contains(`codicon-${name}`)) ?? 'progress',
        };
      }),
    );
  }

  /** Waits for one whose message contains or matches the text. */
  async waitFor(text: string | RegExp, deadlineMs = 15_000): Promise<void> {
    await this.items.filter({ hasText: text }).first().waitFor({ timeout: deadlineMs });
  }

  /** Closes all of them. */
  async clear(): Promise<void> {
    await this.quickInput.runCommand('Notifications: Clear All Notifications');
    await this.items.first().waitFor({ state: 'hidden' });
  }

  /** Takes all of them out of sight, also those with progress, which can't be closed; the list of the bell keeps them. */
  async hide(): Promise<void> {
    await this.quickInput.runCommand('Notifications: Show Notifications');
    const list = this.page.locator('.notifications-center.visible');
    await list.waitFor();
    await this.page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
  }

  /** Clicks a button of the notification that contains the text. */
  async clickButton(text: string | RegExp, button: string): Promise<void> {
    const item = this.items.filter({ hasText: text }).first();
    await item.hover();
    await item.locator('.monaco-button', { hasText: button }).first().click();
  }
}
