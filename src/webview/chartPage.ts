import type { BandwidthUnit, FromChart, ToChart } from '../shared/chartMessages.ts';
import { bandwidthPlot } from './bandwidthPlot.ts';
import { ChartModel } from './chartModel.ts';
import { Crosshair } from './crosshair.ts';
import { element, setText } from './dom.ts';
import { emptyView } from './emptyView.ts';
import { Header } from './header.ts';
import { IterationTable } from './iterationTable.ts';
import type { LineName } from './lineCatalog.ts';
import { pagePicture } from './pagePicture.ts';
import { Plot, type PlotContext, type PlotEvents, type PlotSpec } from './plot.ts';
import { PlotFigure } from './plotFigure.ts';
import { readOut, readoutSentence } from './readout.ts';
import { remainingPlot } from './remainingPlot.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { Verdict } from './verdict.ts';
import type { ViewState } from './viewState.ts';

/** The page's way out. */
export interface PageHost {
  post(message: FromChart): void;
  save(state: ViewState): void;
}

type Append = Extract<ToChart, { type: 'append' }>;

/** The chart panel: takes the extension's messages and draws at most once per frame. */
export class ChartPage {
  private readonly host: PageHost;
  private readonly state: ViewState;
  private readonly header: Header;
  private readonly verdict = new Verdict();
  private readonly table = new IterationTable();
  private readonly crosshair: Crosshair;
  private readonly panes: { figure: PlotFigure; plot: Plot }[];
  private readonly context: PlotContext;
  private readonly hidden: Set<LineName>;
  private readonly wholeRange = element('button', { class: 'link', type: 'button' });
  private readonly resetZoom = element('button', { class: 'link', type: 'button', hidden: '' }, 'Reset zoom');
  private unit: BandwidthUnit;
  private frame: number | undefined;
  private arePlotsStale = true;
  /** First iteration that the table has not seen. */
  private tableFrom = 0;
  private isShown = false;

  constructor(root: HTMLElement, host: PageHost, state: ViewState) {
    this.host = host;
    this.state = state;
    this.unit = state.unit ?? 'MiB/s';
    this.hidden = new Set(state.hidden);
    this.context = {
      model: new ChartModel(emptyView()),
      theme: readTheme(),
      zoom: undefined,
      hidden: this.hidden,
    };
    this.header = new Header({
      cancel: () => host.post({ type: 'cancel' }),
      export: (format) => host.post({ type: 'export', format }),
      unit: (unit) => this.setUnit(unit),
    });
    const toggle = (line: LineName): void => this.toggle(line);
    const upper = new PlotFigure('bandwidth', toggle, this.resetZoom);
    const lower = new PlotFigure('remaining', toggle, this.wholeRange);
    root.replaceChildren(this.header.root, this.verdict.root, upper.root, lower.root, this.table.root);
    this.crosshair = new Crosshair({
      times: () => this.context.model.view.samples.t,
      range: () => this.shownRows(),
      sentence: () => readoutSentence(readOut(this.context.model, this.crosshair.row, this.unit)),
      moved: () => this.schedule(false),
    });
    this.panes = [
      this.addPlot(
        upper,
        bandwidthPlot(() => this.unit),
        'Crosshair over bandwidth',
      ),
      this.addPlot(
        lower,
        remainingPlot(() => this.isWhole),
        'Crosshair over remaining memory',
      ),
    ];
    this.wholeRange.addEventListener('click', () => this.toggleWholeRange());
    this.resetZoom.addEventListener('click', () => this.zoom(undefined));
    onThemeChange((theme) => {
      this.context.theme = theme;
      for (const { plot } of this.panes) plot.rebuild();
      this.schedule();
    });
    this.schedule();
  }

  receive(message: ToChart): void {
    switch (message.type) {
      case 'show':
        this.show(message);
        break;
      case 'append':
        this.append(message);
        break;
      case 'capture':
        this.capture(message.id);
        break;
    }
  }

  /** Call when the page has been scrolled. */
  rememberScroll(): void {
    // Before the first `show` the page is short and its position says nothing.
    if (!this.isShown) return;
    this.state.scrollTop = window.scrollY;
    this.save();
  }

  private show({ view, unit, restore }: Extract<ToChart, { type: 'show' }>): void {
    this.context.model = new ChartModel(view);
    this.context.zoom = undefined;
    this.crosshair.row = undefined;
    this.tableFrom = 0;
    this.unit = unit;
    this.state.unit = unit;
    if (restore !== undefined) this.state.restore = restore;
    this.save();
    const isFirst = !this.isShown;
    this.isShown = true;
    this.arePlotsStale = true;
    this.draw();
    if (isFirst) window.scrollTo(0, this.state.scrollTop);
  }

  private append(increment: Append): void {
    if (!this.isShown) return;
    if (!this.context.model.append(increment)) {
      this.host.post({ type: 'ready' });
      return;
    }
    const { iterations } = this.context.model.view;
    const pooledFrom = increment.steps.items[0]?.firstPass ?? Number.POSITIVE_INFINITY;
    const repooled = iterations.findLastIndex(({ pass }) => pass < pooledFrom) + 1;
    this.tableFrom = Math.min(this.tableFrom, increment.iterations.from, repooled);
    this.schedule();
  }

  private capture(id: number): void {
    this.arePlotsStale = true;
    this.draw();
    try {
      const { model, theme, hidden } = this.context;
      const plots = this.panes.map(({ figure, plot }) => ({
        name: figure.name,
        title: figure.title,
        canvas: plot.canvas,
      }));
      this.host.post({
        type: 'captured',
        id,
        png: pagePicture({ model, theme, hidden, plots, unit: this.unit }),
      });
    } catch (error) {
      this.host.post({ type: 'captured', id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private addPlot(figure: PlotFigure, spec: PlotSpec, label: string): { figure: PlotFigure; plot: Plot } {
    const events: PlotEvents = {
      pointed: (row) => this.crosshair.moveTo(row),
      zoomed: (start, end) => this.zoom({ start, end }),
      zoomReset: () => this.zoom(undefined),
    };
    const plot = new Plot(figure.host, spec, this.context, events);
    this.crosshair.add(plot, label);
    new ResizeObserver(() => plot.resize()).observe(figure.host);
    return { figure, plot };
  }

  private schedule(plotsChanged = true): void {
    this.arePlotsStale ||= plotsChanged;
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.drawReadout();
    if (!this.arePlotsStale) return;
    this.arePlotsStale = false;
    const { view } = this.context.model;
    if (this.isShown) this.header.show(view.title, view.startedAt, view.state);
    this.header.showUnit(this.unit);
    this.verdict.show(view.state.verdict, view.state.status);
    this.wholeRange.hidden = this.context.model.largestRemainingLater === 0;
    setText(this.wholeRange, this.isWhole ? 'Zoom to threshold' : 'Show whole range');
    this.resetZoom.hidden = this.context.zoom === undefined;
    for (const { figure, plot } of this.panes) {
      figure.legend.showHidden(this.hidden);
      plot.draw();
    }
    this.crosshair.place();
    this.table.update(view.iterations, view.steps, this.unit, this.tableFrom);
    this.tableFrom = view.iterations.length;
  }

  private drawReadout(): void {
    const { model } = this.context;
    const readout = readOut(model, this.crosshair.row, this.unit);
    const titles = {
      bandwidth: `Bandwidth (${this.unit})`,
      remaining: 'Remaining memory and switchover threshold',
    };
    for (const { figure } of this.panes)
      figure.show(titles[figure.name], readout, this.isShown && model.isEmpty);
  }

  private shownRows(): { first: number; last: number } {
    const { t } = this.context.model.view.samples;
    const { zoom } = this.context;
    if (!zoom) return { first: 0, last: t.length - 1 };
    return {
      first: t.findIndex((time) => time >= zoom.start),
      last: t.findLastIndex((time) => time <= zoom.end),
    };
  }

  private get isWhole(): boolean {
    return this.state.wholeRange ?? !this.context.model.hasLaterPasses;
  }

  private zoom(range: PlotContext['zoom']): void {
    this.context.zoom = range;
    this.schedule();
  }

  private toggle(line: LineName): void {
    if (!this.hidden.delete(line)) this.hidden.add(line);
    this.state.hidden = [...this.hidden];
    this.save();
    this.schedule();
  }

  private toggleWholeRange(): void {
    this.state.wholeRange = !this.isWhole;
    this.save();
    this.schedule();
  }

  private setUnit(unit: BandwidthUnit): void {
    this.unit = unit;
    this.state.unit = unit;
    this.save();
    this.host.post({ type: 'unit', unit });
    this.schedule();
  }

  private save(): void {
    this.host.save(this.state);
  }
}
