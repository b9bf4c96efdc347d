import { element } from './dom.ts';
import type { Plot } from './plot.ts';

/** What the crosshair asks the page. */
export interface CrosshairSource {
  /** Times of the samples, ms. */
  times(): readonly number[];
  /** First and last sample shown. */
  range(): { first: number; last: number };
  /** What is read at the crosshair, for a screen reader. */
  sentence(): string;
  /** The row changed. */
  moved(): void;
}

const PAGE = 0.1;

/** One crosshair over all plots, moved by the pointer or, when a plot has the focus, by keys. */
export class Crosshair {
  /** The sample it stands at. */
  row: number | undefined;
  private readonly source: CrosshairSource;
  private readonly plots: Plot[] = [];
  private readonly handles: HTMLElement[] = [];

  constructor(source: CrosshairSource) {
    this.source = source;
  }

  add(plot: Plot, label: string): void {
    // A slider tells a screen reader its value on every key, which an image cannot.
    const handle = element('div', {
      class: 'crosshair-handle',
      role: 'slider',
      tabindex: '0',
      'aria-label': label,
      'aria-valuemin': '0',
      'aria-valuemax': '0',
      'aria-valuenow': '0',
    });
    handle.addEventListener('keydown', (event) => this.press(event));
    handle.addEventListener('focus', () => this.tell());
    plot.host.after(handle);
    this.plots.push(plot);
    this.handles.push(handle);
  }

  moveTo(row: number | undefined): void {
    if (row === this.row) return;
    this.row = row;
    this.place();
    this.source.moved();
  }

  /** Puts all plots' lines at the row again after a redraw. */
  place(): void {
    const t = this.row === undefined ? undefined : this.source.times()[this.row];
    for (const plot of this.plots) plot.placeCrosshair(t);
  }

  private press(event: KeyboardEvent): void {
    const { first, last } = this.source.range();
    if (last < first) return;
    const from = this.row ?? last;
    const page = Math.max(1, Math.round((last - first) * PAGE));
    const rows: Record<string, number | undefined> = {
      ArrowLeft: from - (event.shiftKey ? page : 1),
      ArrowRight: from + (event.shiftKey ? page : 1),
      PageDown: from - page,
      PageUp: from + page,
      Home: first,
      End: last,
    };
    if (event.key !== 'Escape' && rows[event.key] === undefined) return;
    event.preventDefault();
    const row = rows[event.key];
    this.moveTo(row === undefined ? undefined : Math.max(first, Math.min(last, row)));
    this.tell();
  }

  private tell(): void {
    const times = this.source.times();
    const seconds = (row: number): string => ((times[row] ?? 0) / 1000).toFixed(2);
    for (const handle of this.handles) {
      handle.setAttribute('aria-valuemax', seconds(times.length - 1));
      handle.setAttribute('aria-valuenow', seconds(this.row ?? times.length - 1));
      handle.setAttribute('aria-valuetext', this.source.sentence());
    }
  }
}
