import type { Frame, Locator } from 'playwright-core';
import { until } from '../../../scripts/process/until.ts';
import type { Workbench } from '../../../scripts/workbench/workbench.ts';

/** The open chart panel, as one reads it. */
export class ChartPanelView {
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  /** Waits until the verdict matches, and returns it. */
  async awaitVerdict(text: string | RegExp, deadlineMs?: number): Promise<string> {
    return this.awaitText('.verdict', text, deadlineMs);
  }

  /** Waits until the badge beside the title is this status. */
  async awaitStatus(status: string, deadlineMs?: number): Promise<void> {
    await this.awaitText('.badge', new RegExp(`^${status}$`), deadlineMs);
  }

  /** Waits until the table has at least so many passes, and returns the cells of all of its rows. */
  async awaitPasses(atLeast: number, deadlineMs?: number): Promise<string[][]> {
    const read = async (): Promise<string[][]> => {
      const rows = await this.rows();
      if (rows.length < atLeast) throw new Error(`${rows.length} rows`);
      return rows;
    };
    return until(`the table to have ${atLeast} passes`, read, deadlineMs);
  }

  async rows(): Promise<string[][]> {
    const rows = (await this.locator('.iterations tbody tr')).all();
    return Promise.all((await rows).map((row) => row.locator('th, td').allTextContents()));
  }

  /** What the upper plot tells a screen reader. */
  async description(): Promise<string> {
    const plot = await this.locator('.figure.bandwidth .plot');
    return (await plot.getAttribute('aria-label')) ?? '';
  }

  /** Sizes of the plots in device pixels. */
  async plotSizes(): Promise<{ width: number; height: number }[]> {
    const plots = await this.locator('.plot canvas');
    return plots.evaluateAll((canvases) =>
      canvases.flatMap((canvas) =>
        canvas instanceof HTMLCanvasElement ? [{ width: canvas.width, height: canvas.height }] : [],
      ),
    );
  }

  async click(button: string): Promise<void> {
    await (await this.frame()).getByRole('button', { name: button, exact: true }).click();
  }

  async hasButton(button: string): Promise<boolean> {
    return (await this.frame()).getByRole('button', { name: button, exact: true }).isVisible();
  }

  async frame(): Promise<Frame> {
    return this.workbench.webview('#chart .verdict');
  }

  private async awaitText(part: string, text: string | RegExp, deadlineMs?: number): Promise<string> {
    const matches = (seen: string) => (typeof text === 'string' ? seen.includes(text) : text.test(seen));
    const read = async (): Promise<string> => {
      const seen = (await (await this.locator(part)).textContent()) ?? '';
      if (!matches(seen)) throw new Error(seen || 'nothing');
      return seen;
    };
    return until(`the panel's ${part} to be ${text}`, read, deadlineMs);
  }

  private async locator(part: string): Promise<Locator> {
    return (await this.frame()).locator(`#chart ${part}`);
  }
}
