import { element, setText } from './dom.ts';
import { Legend } from './legend.ts';
import type { LineName, PlotName } from './lineCatalog.ts';
import type { Readout } from './readout.ts';

/** A plot with its heading, the moment that is read out, and its legend. */
export class PlotFigure {
  readonly name: PlotName;
  readonly root: HTMLElement;
  /** Where the plot goes. */
  readonly host: HTMLElement;
  readonly legend: Legend;
  private readonly heading = element('h2');
  private readonly moment = element('span', { class: 'moment' });
  private readonly empty = element('p', { class: 'empty' }, 'No sample yet');

  constructor(name: PlotName, toggle: (line: LineName) => void, ...actions: HTMLElement[]) {
    this.name = name;
    this.host = element('div', { class: 'plot', role: 'img' });
    this.legend = new Legend(name, toggle);
    this.root = element(
      'section',
      { class: `figure ${name}` },
      element('div', { class: 'figure-head' }, this.heading, ...actions, this.moment),
      this.legend.root,
      element('div', { class: 'plot-frame' }, this.host, this.empty),
    );
  }

  get title(): string {
    return this.heading.textContent ?? '';
  }

  show(title: string, readout: Readout, isEmpty: boolean): void {
    setText(this.heading, title);
    setText(this.moment, readout.moment);
    this.empty.hidden = !isEmpty;
    this.legend.show(readout);
  }
}
