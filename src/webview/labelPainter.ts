import uPlot from 'uplot';
import { type Box, placeLabel } from './labelPlacement.ts';
import type { Theme, ThemeColor } from './theme.ts';

const FONT_SIZE = 11;
const GAP = 3;
const MARK_ROWS = 6;

/** Writes labels on the canvas of a uPlot where there is room, none over another. One per draw; lengths are CSS pixels. */
export class LabelPainter {
  private readonly chart: uPlot;
  private readonly theme: Theme;
  private readonly context: CanvasRenderingContext2D;
  private readonly area: Box;
  private readonly ratio: number;
  private readonly gap: number;
  private readonly taken: Box[] = [];

  constructor(chart: uPlot, theme: Theme) {
    this.chart = chart;
    this.theme = theme;
    this.context = chart.ctx;
    this.area = chart.bbox;
    this.ratio = uPlot.pxRatio;
    this.gap = GAP * this.ratio;
  }

  /** Keeps labels off a horizontal line. */
  avoid(value: number | undefined): void {
    if (value === undefined) return;
    const { left, width } = this.area;
    this.taken.push({ left, top: this.y(value) - 2 * this.ratio, width, height: 4 * this.ratio });
  }

  /** Writes beside a point, left or right of it, above or below: wherever there is room. */
  atPoint(text: string, t: number, value: number, color: ThemeColor): void {
    const { gap } = this;
    const { width, height } = this.measure(text);
    const [x, y] = [this.x(t), this.y(value)];
    const tops = [y - height - gap, y + gap, y - height / 2, y - 2.2 * height, y + 1.2 * height];
    const lefts = [x - width - 2 * gap, x + 2 * gap];
    this.write(text, places(lefts, tops, width, height), color);
  }

  /** Writes beside the upper end of a vertical line. */
  atMark(text: string, t: number): void {
    const { gap } = this;
    const { width, height } = this.measure(text);
    const tops = Array.from({ length: MARK_ROWS }, (_, row) => this.area.top + row * (height + gap));
    const lefts = [this.x(t) + 2 * gap, this.x(t) - width - 2 * gap];
    this.write(text, places(lefts, tops, width, height), 'foreground');
  }

  /**
   * Writes along a horizontal line that ends at time `end`, on the `preferred` side of it, else on the other, else
   * farther to the left.
   */
  onLine(text: string, value: number, end: number, color: ThemeColor, preferred: 'over' | 'under'): void {
    const { gap, area } = this;
    const { width, height } = this.measure(text);
    const y = this.y(value);
    const right = this.clampX(end);
    const lefts = [right - gap - width, right - area.width / 2 - width, area.left + gap];
    const [over, under] = [y - height - gap, y + gap];
    this.write(
      text,
      places(lefts, preferred === 'over' ? [over, under] : [under, over], width, height),
      color,
    );
  }

  /** Says at the upper edge, beside an arrow at time `t`, what lies above it. */
  atEdge(text: string, t: number, color: ThemeColor): void {
    const { context, area, gap } = this;
    const half = 4 * this.ratio;
    const tip = Math.max(area.left + half, Math.min(this.clampX(t), area.left + area.width - half));
    context.fillStyle = this.theme[color];
    context.beginPath();
    context.moveTo(tip, area.top);
    context.lineTo(tip + half, area.top + 2 * half);
    context.lineTo(tip - half, area.top + 2 * half);
    context.fill();
    const { width, height } = this.measure(text);
    const tops = [0, 1, 2, 3].map((row) => area.top + row * (height + gap));
    this.write(text, places([tip - half - gap - width, tip + half + gap], tops, width, height), color);
  }

  private write(text: string, candidates: Box[], color: ThemeColor): void {
    const box = placeLabel(candidates, this.taken, this.area);
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
    return { width, height: FONT_SIZE * 1.3 * this.ratio };
  }

  /** Shortens what is wider than the plot. */
  private fit(text: string): string {
    let shown = text;
    while (shown.length > 4 && this.context.measureText(shown).width > this.area.width) {
      shown = `${shown.slice(0, -2).trimEnd()}…`;
    }
    return shown;
  }

  private get font(): string {
    return `${FONT_SIZE * this.ratio}px ${this.theme.font}`;
  }

  private x(t: number): number {
    return this.chart.valToPos(t, 'x', true);
  }

  private y(value: number): number {
    return this.chart.valToPos(value, 'y', true);
  }

  private clampX(t: number): number {
    return Math.max(this.area.left, Math.min(this.x(t), this.area.left + this.area.width));
  }
}

function places(lefts: number[], tops: number[], width: number, height: number): Box[] {
  return tops.flatMap((top) => lefts.map((left) => ({ left, top, width, height })));
}
