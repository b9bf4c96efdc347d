import uPlot from 'uplot';
import { LabelPainter } from './labelPainter.ts';
import type { Box } from './labelPlacement.ts';
import type { LineStyle } from './lineCatalog.ts';
import { envelopes, joinNear, type Span, type Stretch } from './stretches.ts';
import type { Theme, ThemeColor } from './theme.ts';

/** Averages over less than this are drawn together, from the lowest to the highest. */
const FINEST_STEP = 3;

export interface BandStyle {
  color: ThemeColor;
  /** Opacity of the shade. */
  strength: number;
  /** Height of a solid bar along the time axis. */
  bar: number;
}

/** Narrower bands would not be seen. */
const NARROWEST_BAND = 3;

/**
 * Draws on the canvas of a uPlot in the units of its axes, clipped to the plotting area. Lengths are CSS pixels. However
 * long the run, no more is drawn than there are pixels to show it.
 */
export class Painter {
  private readonly chart: uPlot;
  private readonly theme: Theme;
  private readonly context: CanvasRenderingContext2D;
  private readonly hatches = new Map<ThemeColor, CanvasPattern | string>();

  constructor(chart: uPlot, theme: Theme) {
    this.chart = chart;
    this.theme = theme;
    this.context = chart.ctx;
  }

  /** The labels of one draw. */
  labels(): LabelPainter {
    return new LabelPainter(this.chart, this.theme);
  }

  /** The upper end of the y axis. */
  get top(): number {
    return this.chart.scales['y']?.max ?? 0;
  }

  /** Whether so many samples are more than the plot's pixels can tell apart. */
  isCrowded(samples: number): boolean {
    return samples > this.area.width / this.ratio;
  }

  /** Only what lies in the time range shown. */
  visible<T extends Span>(spans: readonly T[]): T[] {
    const { min = 0, max = 0 } = this.chart.scales['x'] ?? {};
    return spans.filter(({ start, end }) => end >= min && start <= max);
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
      for (const { start, end, low, high } of envelopes(levels, FINEST_STEP * this.msPerPixel)) {
        const left = this.x(start);
        const right = Math.max(this.x(end), left + 4 * this.ratio);
        for (const value of low === high ? [low] : [low, high]) {
          context.moveTo(left, this.y(value));
          context.lineTo(right, this.y(value));
        }
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
      context.beginPath();
      for (const { start, end, high } of envelopes(levels, FINEST_STEP * this.msPerPixel)) {
        const [left, top] = [this.x(start), this.y(high)];
        context.rect(left, top, Math.max(this.x(end) - left, this.ratio), bottom - top);
      }
      context.fill();
    });
  }

  /** Shades the full height. */
  bands(spans: readonly Span[], { color, strength, bar }: BandStyle): void {
    const { top, height } = this.area;
    const [shades, bars] = [new Path2D(), new Path2D()];
    for (const { start, end } of joinNear(spans, this.msPerPixel)) {
      const width = Math.max(this.x(end) - this.x(start), NARROWEST_BAND * this.ratio);
      const left = (this.x(start) + this.x(end) - width) / 2;
      shades.rect(left, top, width, height);
      bars.rect(left, top + height - bar * this.ratio, width, bar * this.ratio);
    }
    this.clipped((context) => {
      context.fillStyle = this.theme[color];
      context.globalAlpha = strength;
      context.fill(shades);
      context.globalAlpha = 1;
      context.fill(bars);
    });
  }

  /** A dashed vertical line at a moment. */
  mark(t: number): void {
    this.clipped((context) => {
      context.strokeStyle = this.theme.muted;
      context.lineWidth = this.ratio;
      context.setLineDash([4 * this.ratio, 4 * this.ratio]);
      context.beginPath();
      context.moveTo(this.x(t), this.area.top);
      context.lineTo(this.x(t), this.area.top + this.area.height);
      context.stroke();
    });
  }

  /** A diamond, for a value that is too short to be seen as a line. */
  diamond(t: number, value: number, color: ThemeColor): void {
    const { context, ratio } = this;
    context.save();
    context.translate(this.x(t), this.y(value));
    context.rotate(Math.PI / 4);
    context.fillStyle = this.theme[color];
    context.strokeStyle = this.theme.background;
    context.lineWidth = 1.5 * ratio;
    const side = 8 * ratio;
    context.fillRect(-side / 2, -side / 2, side, side);
    context.strokeRect(-side / 2, -side / 2, side, side);
    context.restore();
  }

  private get area(): Box {
    return this.chart.bbox;
  }

  private get ratio(): number {
    return uPlot.pxRatio;
  }

  private get msPerPixel(): number {
    const { min = 0, max = 0 } = this.chart.scales['x'] ?? {};
    return ((max - min) * this.ratio) / Math.max(1, this.area.width);
  }

  private x(t: number): number {
    return this.chart.valToPos(t, 'x', true);
  }

  private y(value: number): number {
    return this.chart.valToPos(value, 'y', true);
  }

  private hatch(color: ThemeColor): CanvasPattern | string {
    const known = this.hatches.get(color);
    if (known) return known;
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
    const pattern = this.context.createPattern(tile, 'repeat') ?? this.theme[color];
    this.hatches.set(color, pattern);
    return pattern;
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
