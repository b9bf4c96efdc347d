import uPlot from 'uplot';
import { secondTexts, timeIncrements } from './axisTicks.ts';
import type { ChartModel } from './chartModel.ts';
import type { LineName } from './lineCatalog.ts';
import { Painter } from './painter.ts';
import type { Theme } from './theme.ts';

/** What both plots draw from; one object, shared. */
export interface PlotContext {
  model: ChartModel;
  theme: Theme;
  /** Time range shown, in ms; the whole run when undefined. */
  zoom: { start: number; end: number } | undefined;
  hidden: ReadonlySet<LineName>;
}

/** How one of the two plots differs from the other. */
export interface PlotSpec {
  /** For screen readers: what the picture shows. */
  describe(context: PlotContext): string;
  series(theme: Theme): (uPlot.Series & { line: LineName })[];
  columns(model: ChartModel): (number | null)[][];
  yIncrements(): number[];
  yTexts(ticks: number[], increment: number): string[];
  top(context: PlotContext): number;
  /** Drawn beneath the lines. */
  paintBelow(painter: Painter, context: PlotContext): void;
  /** Drawn over the lines. */
  paintAbove(painter: Painter, context: PlotContext): void;
}

export interface PlotEvents {
  /** The pointer moved to a sample, or left. */
  pointed(row: number | undefined): void;
  zoomed(start: number, end: number): void;
  zoomReset(): void;
}

const AXIS_WIDTH = 64;
const FONT_SIZE = 11;

/** One uPlot, rebuilt when the theme changes, redrawn when the data does. */
export class Plot {
  readonly host: HTMLElement;
  private readonly spec: PlotSpec;
  private readonly context: PlotContext;
  private readonly events: PlotEvents;
  private chart: uPlot;
  private isPointed = false;

  constructor(host: HTMLElement, spec: PlotSpec, context: PlotContext, events: PlotEvents) {
    this.host = host;
    this.spec = spec;
    this.context = context;
    this.events = events;
    this.chart = this.build();
    host.addEventListener('pointerenter', () => {
      this.isPointed = true;
    });
    host.addEventListener('pointerleave', () => {
      this.isPointed = false;
      this.events.pointed(undefined);
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.chart.ctx.canvas;
  }

  /** Draws at once: what is measured by the benchmark. */
  draw(): void {
    const { chart, context } = this;
    chart.batch(() => {
      this.showLines();
      chart.setData(this.data());
    });
    this.host.setAttribute('aria-label', this.spec.describe(context));
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width > 0 && (width !== this.chart.width || height !== this.chart.height))
      this.chart.setSize({ width, height });
  }

  /** Takes over the theme of the context. */
  rebuild(): void {
    this.chart.destroy();
    this.chart = this.build();
  }

  /** Puts the crosshair at a time in ms, or takes it away. */
  placeCrosshair(t: number | undefined): void {
    const left = t === undefined ? -10 : this.chart.valToPos(t, 'x');
    if (Math.abs((this.chart.cursor.left ?? -10) - left) < 0.5) return;
    this.chart.setCursor({ left, top: t === undefined ? -10 : 0 }, false);
  }

  private data(): uPlot.AlignedData {
    const { model } = this.context;
    return [model.view.samples.t, ...this.spec.columns(model)];
  }

  /** Without a sample the scale means nothing, so it says nothing. */
  private valueTexts(ticks: number[], step: number): string[] {
    return this.context.model.isEmpty ? ticks.map(() => '') : this.spec.yTexts(ticks, step);
  }

  private showLines(): void {
    this.spec.series(this.context.theme).forEach(({ line }, index) => {
      const show = !this.context.hidden.has(line);
      if (this.chart.series[index + 1]?.show !== show) this.chart.setSeries(index + 1, { show }, false);
    });
  }

  private timeRange(): uPlot.Range.MinMax {
    const { zoom, model } = this.context;
    if (zoom) return [zoom.start, zoom.end];
    return [0, model.end > 0 ? model.end : 1000];
  }

  private build(): uPlot {
    const { spec, context } = this;
    const { theme } = context;
    const axis = {
      stroke: theme.muted,
      font: `${FONT_SIZE}px ${theme.font}`,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { stroke: theme.grid, width: 1, size: 4 },
      gap: 4,
    };
    let painter: Painter | undefined;
    const painted = (paint: PlotSpec['paintAbove']) => (chart: uPlot) => {
      painter ??= new Painter(chart, theme);
      paint(painter, context);
    };
    const chart = new uPlot(
      {
        width: Math.max(1, this.host.clientWidth),
        height: Math.max(1, this.host.clientHeight),
        padding: [6, 20, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, range: () => this.timeRange() },
          y: { range: () => [0, spec.top(context)] },
        },
        axes: [
          {
            ...axis,
            size: 26,
            space: 56,
            incrs: timeIncrements(),
            values: (_, ticks, _axis, _space, step) => secondTexts(ticks, step),
          },
          {
            ...axis,
            size: AXIS_WIDTH,
            space: 28,
            incrs: () => spec.yIncrements(),
            values: (_, ticks, _axis, _space, step) => this.valueTexts(ticks, step),
          },
        ],
        series: [{}, ...spec.series(theme).map(({ line: _, ...series }) => ({ ...series, auto: false }))],
        cursor: {
          y: false,
          drag: { x: true, y: false, setScale: false, dist: 4 },
          points: { size: 7 },
          bind: { dblclick: () => () => this.resetZoom() },
        },
        hooks: {
          drawAxes: [painted((p, c) => spec.paintBelow(p, c))],
          draw: [painted((p, c) => spec.paintAbove(p, c))],
          setCursor: [(u) => this.isPointed && this.events.pointed(u.cursor.idx ?? undefined)],
          setSelect: [(u) => this.zoomToSelection(u)],
        },
      },
      this.data(),
      this.host,
    );
    return chart;
  }

  private resetZoom(): null {
    this.events.zoomReset();
    return null;
  }

  private zoomToSelection(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 4) return;
    const start = chart.posToVal(left, 'x');
    const end = chart.posToVal(left + width, 'x');
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.events.zoomed(start, end);
  }
}
