import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../../scripts/provision/programs.ts';
import { chartHtml } from '../../../src/extension/charts/chartHtml.ts';
import type { ChartView, FromChart, ToChart } from '../../../src/shared/chartMessages.ts';
import { THEMES, type ThemeName } from './themes.ts';

const ORIGIN = 'http://chart.test';
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEADLINE_MS = 20_000;

/** What the page's stand-in for VS Code keeps. */
interface TestWindow {
  posted: FromChart[];
  saved: unknown;
}

export interface OpenOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** What `getState` of the page gives. */
  saved?: unknown;
}

/** The bundle of the chart's page in headless Chromium, with a stand-in for VS Code's side of it. */
export class ChartPageDriver implements AsyncDisposable {
  private readonly browser: Browser;
  private readonly bundle: Map<string, string>;

  private constructor(browser: Browser, bundle: Map<string, string>) {
    this.browser = browser;
    this.bundle = bundle;
  }

  /** @throws when no Chromium is installed */
  static async start(): Promise<ChartPageDriver> {
    const bundle = await bundlePage();
    const executablePath = chromiumPath();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new ChartPageDriver(browser, bundle);
  }

  /** Opens a page of its own; resolves when it has said `ready`. */
  async open({ theme = 'dark', width = 1000, height = 900, saved }: OpenOptions = {}): Promise<OpenedChart> {
    const context = await this.browser.newContext({ viewport: { width, height } });
    await context.route(`${ORIGIN}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const body = this.bundle.get(name);
      if (body === undefined) return route.fulfill({ status: 404 });
      const contentType = name.endsWith('.css')
        ? 'text/css'
        : name.endsWith('.js')
          ? 'text/javascript'
          : 'text/html';
      return route.fulfill({ body, contentType });
    });
    const page = await context.newPage();
    const opened = new OpenedChart(context, page);
    // tsx wraps the functions that run in the page in a helper that exists in Node only.
    await page.addInitScript('globalThis.__name = (target) => target');
    await page.addInitScript(standIn, { saved });
    await page.addInitScript(applyTheme, THEMES[theme]);
    await page.goto(`${ORIGIN}/index.html`);
    await opened.waitForPosted('ready');
    return opened;
  }

  /** Opens a page that shows a run, in MiB/s. */
  async show(view: ChartView, options?: OpenOptions): Promise<OpenedChart> {
    const chart = await this.open(options);
    await chart.send({ type: 'show', view, unit: 'MiB/s', restore: 'run-1' });
    return chart;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** One opened chart. */
export class OpenedChart implements AsyncDisposable {
  readonly page: Page;
  /** What the page complained about: uncaught errors, refused resources. */
  readonly complaints: string[] = [];
  private readonly context: BrowserContext;

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(DEADLINE_MS);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Posts a message as the extension does and waits until it is drawn. */
  async send(message: ToChart | unknown): Promise<void> {
    await this.page.evaluate(async (data) => {
      window.postMessage(data, '*');
      // A message is a task; what it schedules is drawn in the frame after it.
      await new Promise<void>((resolve) => {
        window.setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())), 0);
      });
    }, message);
  }

  /** The texts of all elements that match, one after the other. */
  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).allTextContents()).join(' ');
  }

  /** What a plot tells a screen reader. */
  async description(plot: 'bandwidth' | 'remaining'): Promise<string> {
    return (await this.page.locator(`.figure.${plot} .plot`).getAttribute('aria-label')) ?? '';
  }

  posted(): Promise<FromChart[]> {
    return this.page.evaluate(() => (window as unknown as TestWindow).posted);
  }

  saved(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as TestWindow).saved);
  }

  /** Waits for a message of this type from the page; gives the last one. */
  async waitForPosted<T extends FromChart['type']>(type: T): Promise<Extract<FromChart, { type: T }>> {
    await this.page.waitForFunction(
      (wanted) => (window as unknown as TestWindow).posted.some((message) => message.type === wanted),
      type,
      { timeout: DEADLINE_MS },
    );
    const found = (await this.posted()).findLast((message) => message.type === type);
    return found as Extract<FromChart, { type: T }>;
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(applyTheme, THEMES[theme]);
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}

async function bundlePage(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/webview/chart.ts'],
    outfile: 'dist/chart.js',
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
  });
  const bundle = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  const html = chartHtml({
    cspSource: ORIGIN,
    scriptUri: `${ORIGIN}/chart.js`,
    styleUris: [`${ORIGIN}/chart.css`],
    nonce: 'test',
  });
  return bundle.set('index.html', html);
}

/** Runs in the page before its own script: what VS Code provides. */
function standIn({ saved }: { saved: unknown }): void {
  const own: TestWindow = { posted: [], saved };
  Object.assign(window, own, {
    acquireVsCodeApi: () => ({
      postMessage: (message: FromChart) => (window as unknown as TestWindow).posted.push(message),
      getState: () => (window as unknown as TestWindow).saved,
      setState: (state: unknown) => {
        (window as unknown as TestWindow).saved = structuredClone(state);
      },
    }),
  });
}

/** Runs in the page: sets a theme as VS Code does, as variables of the root and attributes of the body. */
function applyTheme({ kind, label, variables }: (typeof THEMES)[ThemeName]): void {
  const apply = (): void => {
    const { style } = document.documentElement;
    for (const name of [...style]) style.removeProperty(name);
    for (const [name, value] of Object.entries(variables)) style.setProperty(`--vscode-${name}`, value);
    document.body?.setAttribute('data-vscode-theme-kind', kind);
    document.body?.setAttribute('data-vscode-theme-id', label);
  };
  if (document.documentElement) apply();
  document.addEventListener('DOMContentLoaded', apply, { once: true });
}
