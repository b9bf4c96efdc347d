import uPlot from 'uplot';
import { type Box, placeLabel } from './labelPlacement.ts';
import type { LineStyle } from './lineCatalog.ts';
import type { Stretch } from './stretches.ts';
import type { Theme, ThemeColor } from './theme.ts';

const LABEL_SIZE = 11;
const LABEL_GAP = 3;
const MARK_ROWS = 6;

export interface BandStyle {
  color: ThemeColor;
  /** Opacity of the shade. */
  strength: number;
  /** Least width, so that a moment can be seen. */
  minimum: number;
  /** Height of the solid bar. */
  bar: number;
}

/** Draws on the canvas of a uPlot in the units of its axes, clipped to the plotting area. Lengths are CSS pixels. */
export class Painter {
  readonly theme: Theme;
  /** The plotting area in canvas pixels. */
  readonly area: Box;
  private readonly chart: uPlot;
  private readonly context: CanvasRenderingContext2D;
  private readonly ratio: number;
  private readonly labels: Box[] = [];

  constructor(chart: uPlot, theme: Theme) {
    this.chart = chart;
    this.theme = theme;
    this.area = chart.bbox;
    this.context = chart.ctx;
    this.ratio = uPlot.pxRatio;
  }

  get top(): number {
    return this.chart.scales['y']?.max ?? 0;
  }

  x(t: number): number {
    return this.chart.valToPos(t, 'x', true);
  }

  y(value: number): number {
    return this.chart.valToPos(value, 'y', true);
  }

  /** Only what lies in the time range shown. */
  visible<T extends { start: number; end: number }>(stretches: readonly T[]): T[] {
    const { min = 0, max = 0 } = this.chart.scales['x'] ?? {};
    return stretches.filter(({ start, end }) => end >= min && start <= max);
  }

  /** Horizontal lines of one style, each over its own time; never narrower than a dot. */
  levels(
    levels: readonly Stretch<number>[],
    { color, width, dash }: Omit<LineStyle, 'plot' | 'label'>,
  ): void {
    this.clipped((context) => {
      context.strokeStyle = this.theme[color];
      context.lineWidth = width * this.ratio;
      context.setLineDash(dash.map((length) => length * this.ratio));
      context.beginPath();
      for (const { start, end, value } of levels) {
        const left = this.x(start);
        context.moveTo(left, this.y(value));
        context.lineTo(Math.max(this.x(end), left + 4 * this.ratio), this.y(value));
      }
      context.stroke();
    });
  }

  /** Areas from the time axis up to `value`. */
  areas(levels: readonly Stretch<number>[], color: ThemeColor, pattern: 'plain' | 'hatched'): void {
    this.clipped((context) => {
      context.globalAlpha = pattern === 'plain' ? 0.12 : 0.3;
      context.fillStyle = pattern === 'plain' ? this.theme[color] : this.hatch(color);
      const bottom = this.area.top + this.area.height;
      for (const { start, end, value } of levels) {
        const left = this.x(start);
        context.fillRect(
          left,
          this.y(value),
          Math.max(this.x(end) - left, this.ratio),
          bottom - this.y(value),
        );
      }
    });
  }

  /** Shades the full height, with a solid bar along the time axis. */
  bands(
    stretches: readonly { start: number; end: number }[],
    { color, strength, minimum, bar }: BandStyle,
  ): void {
    this.clipped((context) => {
      context.fillStyle = this.theme[color];
      const { top, height } = this.area;
      for (const { start, end } of stretches) {
        const width = Math.max(this.x(end) - this.x(start), minimum * this.ratio);
        const left = (this.x(start) + this.x(end) - width) / 2;
        context.globalAlpha = strength;
        context.fillRect(left, top, width, height);
        context.globalAlpha = 1;
        context.fillRect(left, top + height - bar * this.ratio, width, bar * this.ratio);
      }
    });
  }

  /** A moment: a vertical line, with a text beside its upper end. */
  mark(t: number, text?: string): void {
    this.clipped((context) => {
      context.strokeStyle = this.theme.muted;
      context.lineWidth = this.ratio;
      context.setLineDash([4 * this.ratio, 4 * this.ratio]);
      context.beginPath();
      context.moveTo(this.x(t), this.area.top);
      context.lineTo(this.x(t), this.area.top + this.area.height);
      context.stroke();
    });
    if (text === undefined) return;
    const { width, height } = this.measure(text);
    const gap = LABEL_GAP * this.ratio;
    const beside = Array.from(
      { length: MARK_ROWS },
      (_, row) => this.area.top + row * (height + gap),
    ).flatMap((top) => [
      { left: this.x(t) + 2 * gap, top, width, height },
      { left: this.x(t) - width - 2 * gap, top, width, height },
    ]);
    this.write(text, beside, 'foreground');
  }

  /** A diamond, for a value that is too short to be seen as a line. */
  diamond(x: number, y: number, color: ThemeColor): void {
    const { context, ratio } = this;
    context.save();
    context.translate(x, y);
    context.rotate(Math.PI / 4);
    context.fillStyle = this.theme[color];
    context.strokeStyle = this.theme.background;
    context.lineWidth = 1.5 * ratio;
    const side = 8 * ratio;
    context.fillRect(-side / 2, -side / 2, side, side);
    context.strokeRect(-side / 2, -side / 2, side, side);
    context.restore();
  }

  /** Keeps labels off a horizontal line. */
  avoid(value: number | undefined): void {
    if (value === undefined) return;
    const { left, width } = this.area;
    this.labels.push({ left, top: this.y(value) - 2 * this.ratio, width, height: 4 * this.ratio });
  }

  /** Writes beside a point, to the left or the right of it, above or below it: wherever there is room. */
  labelAt(text: string, x: number, y: number, color: ThemeColor): void {
    const gap = LABEL_GAP * this.ratio;
    const { width, height } = this.measure(text);
    const beside: Box[] = [];
    for (const top of [y - height - gap, y + gap, y - height / 2, y - 2.2 * height, y + 1.2 * height]) {
      for (const left of [x - width - 2 * gap, x + 2 * gap]) beside.push({ left, top, width, height });
    }
    this.write(text, beside, color);
  }

  /** Writes at the right end of a horizontal line, on the `preferred` side of it, else on the other, else farther to the left. */
  labelLine(
    text: string,
    value: number,
    right: number,
    color: ThemeColor,
    preferred: 'over' | 'under',
  ): void {
    const gap = LABEL_GAP * this.ratio;
    const { width, height } = this.measure(text);
    const y = this.y(value);
    const tops = preferred === 'over' ? [y - height - gap, y + gap] : [y + gap, y - height - gap];
    const candidates = [right - gap, right - this.area.width / 2, this.area.left + width + gap].flatMap(
      (end) => tops.map((top) => ({ left: end - width, top, width, height })),
    );
    this.write(text, candidates, color);
  }

  /** Says at the upper edge, beside an arrow at `x`, what lies above it. */
  labelEdge(text: string, x: number, color: ThemeColor): void {
    const { context, ratio, area } = this;
    const half = 4 * ratio;
    const tip = Math.max(area.left + half, Math.min(x, area.left + area.width - half));
    context.fillStyle = this.theme[color];
    context.beginPath();
    context.moveTo(tip, area.top);
    context.lineTo(tip + half, area.top + 2 * half);
    context.lineTo(tip - half, area.top + 2 * half);
    context.fill();
    const { width, height } = this.measure(text);
    const gap = LABEL_GAP * ratio;
    const rows = [0, 1, 2, 3].map((row) => area.top + row * (height + gap));
    const candidates = rows.flatMap((top) => [
      { left: tip - half - gap - width, top, width, height },
      { left: tip + half + gap, top, width, height },
    ]);
    this.write(text, candidates, color);
  }

  /** Shortens what is wider than the plot. */
  private fit(text: string): string {
    const room = this.area.width;
    let shown = text;
    while (shown.length > 4 && this.context.measureText(shown).width > room)
      shown = `${shown.slice(0, -2).trimEnd()}…`;
    return shown;
  }

  private write(text: string, candidates: Box[], color: ThemeColor): void {
    const box = placeLabel(candidates, this.labels, this.area);
    if (!box) return;
    const { context, theme, ratio } = this;
    context.save();
    context.font = this.font;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.lineJoin = 'round';
    context.lineWidth = 4 * ratio;
    context.strokeStyle = theme.background;
    context.fillStyle = theme[color];
    const shown = this.fit(text);
    const middle = box.top + box.height / 2;
    context.strokeText(shown, box.left, middle);
    context.fillText(shown, box.left, middle);
    context.restore();
  }

  private measure(text: string): { width: number; height: number } {
    this.context.save();
    this.context.font = this.font;
    const width = this.context.measureText(this.fit(text)).width;
    this.context.restore();
    return { width, height: LABEL_SIZE * 1.3 * this.ratio };
  }

  private get font(): string {
    return `${LABEL_SIZE * this.ratio}px ${this.theme.font}`;
  }

  private hatch(color: ThemeColor): CanvasPattern | string {
    const size = Math.round(6 * this.ratio);
    const tile = new OffscreenCanvas(size, size);
    const context = tile.getContext('2d');
    if (!context) return this.theme[color];
    context.strokeStyle = this.theme[color];
    context.lineWidth = this.ratio;
    context.beginPath();
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift, size);
      context.lineTo(shift + size, 0);
    }
    context.stroke();
    return this.context.createPattern(tile, 'repeat') ?? this.theme[color];
  }

  private clipped(paint: (context: CanvasRenderingContext2D) => void): void {
    const { context, area } = this;
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    paint(context);
    context.restore();
  }
}
