import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import type { Cleanup } from '../process/cleanup.ts';
import { until } from '../process/until.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quickInput.ts';
import type { WorkbenchServer } from './server.ts';
import { THEMES, type ThemeLabel } from './themes.ts';
import { TreeView } from './treeView.ts';

const LOAD_DEADLINE_MS = 60_000;

export interface WorkbenchOptions {
  /** Size of the window in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

export interface Tab {
  readonly label: string;
  readonly active: boolean;
}

/** VS Code in a browser, driven as a person would: by its palette, trees, picks and buttons. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  private readonly context: BrowserContext;
  private readonly consoleLines: string[];

  private constructor(context: BrowserContext, page: Page, consoleLines: string[]) {
    this.context = context;
    this.page = page;
    this.consoleLines = consoleLines;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page, this.quickInput);
  }

  /** Opens a window of its own and waits until it can be used. `cleanup` closes it, if nobody does before. */
  static async open(
    browser: Browser,
    server: WorkbenchServer,
    cleanup: Cleanup,
    options: WorkbenchOptions = {},
  ): Promise<Workbench> {
    const context = await browser.newContext({ viewport: options.size ?? { width: 1400, height: 900 } });
    cleanup.add('close the window', () => context.close());
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
    const page = await context.newPage();
    const consoleLines: string[] = [];
    page.on('console', (message) => consoleLines.push(`${message.type()} ${message.text()}`));
    const workbench = new Workbench(context, page, consoleLines);
    await page.goto(server.url);
    await workbench.waitUntilReady();
    return workbench;
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** What the page has written to its console: for the message of a failed test. */
  consoleLog(): readonly string[] {
    return this.consoleLines;
  }

  /** Runs a command by its full title in the palette. */
  async runCommand(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** Opens a view container by its icon at the left edge; does nothing when it is open. */
  async openViewContainer(title: string): Promise<void> {
    const item = this.page
      .locator('.activitybar .action-item', { has: this.page.locator(`a[aria-label^="${title}"]`) })
      .first();
    await item.waitFor();
    if ((await item.getAttribute('class'))?.split(' ').includes('checked')) return;
    // The list item, because the link in it lies below the badge.
    await item.click();
  }

  treeView(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  async tabs(): Promise<Tab[]> {
    return this.page.locator('.tabs-container .tab').evaluateAll((elements) =>
      elements.map((tab) => ({
        label: tab.getAttribute('aria-label') ?? '',
        active: tab.classList.contains('active'),
      })),
    );
  }

  /** Brings the tab to the front whose label starts so. */
  async showTab(label: string): Promise<void> {
    await this.page.locator(`.tabs-container .tab[aria-label^="${label}"]`).first().click();
  }

  async closeActiveTab(): Promise<void> {
    await this.runCommand('View: Close Editor');
  }

  /** The page of a webview: the frame in which `selector` matches. Webviews lie two frames below the workbench. */
  async webview(selector: string, deadlineMs = 20_000): Promise<Frame> {
    return until(`a webview that shows ${selector}`, () => this.findFrame(selector), deadlineMs);
  }

  /** Sets the color theme and waits until it is in force. */
  async setTheme(label: ThemeLabel): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.type(label);
    await this.quickInput.row(label).click();
    await this.quickInput.waitUntilClosed();
    await this.page.locator(`.monaco-workbench.${THEMES[label]}`).waitFor();
  }

  /** Writes a PNG of the window, or of one element of a webview when `selector` is given. */
  async screenshot(file: string, selector?: string): Promise<void> {
    if (selector === undefined) await this.page.screenshot({ path: file });
    else await (await this.webview(selector)).locator(selector).first().screenshot({ path: file });
  }

  private async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({
      timeout: LOAD_DEADLINE_MS,
    });
  }

  private async findFrame(selector: string): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      if (!frame.parentFrame() || frame.isDetached()) continue;
      // A frame may go away while it is asked.
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    return undefined;
  }
}
