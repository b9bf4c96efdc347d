import { element, setText, svgElement } from './dom.ts';
import { LINE_NAMES, LINES, type LineName, NOTES, type PlotName } from './lineCatalog.ts';
import type { Readout } from './readout.ts';
import { COLOR_VARIABLES, type ThemeColor } from './theme.ts';

const SWATCH = { width: 28, height: 10 };

/** The lines of one plot as toggles, each with its value at the crosshair. */
export class Legend {
  readonly root: HTMLElement;
  private readonly values = new Map<LineName, HTMLElement>();
  private readonly toggles = new Map<LineName, HTMLElement>();

  constructor(plot: PlotName, toggle: (line: LineName) => void) {
    const entries = LINE_NAMES.filter((name) => LINES[name].plot === plot).map((name) =>
      this.entry(name, toggle),
    );
    const note = NOTES[plot];
    const noteEntry = element(
      'li',
      { class: 'legend-note' },
      patternSwatch(note.color, note.pattern),
      note.label,
    );
    this.root = element('ul', { class: 'legend', 'aria-label': 'Lines' }, ...entries, noteEntry);
  }

  show({ values }: Readout): void {
    for (const [name, node] of this.values) {
      setText(node, values[name] ?? '–');
      node.classList.toggle('absent', values[name] === undefined);
    }
  }

  showHidden(hidden: ReadonlySet<LineName>): void {
    for (const [name, node] of this.toggles) node.setAttribute('aria-pressed', String(!hidden.has(name)));
  }

  private entry(name: LineName, toggle: (line: LineName) => void): HTMLElement {
    const value = element('span', { class: 'legend-value' }, '–');
    const button = element(
      'button',
      { class: 'legend-toggle', type: 'button', 'aria-pressed': 'true', title: 'Show or hide this line' },
      lineSwatch(name),
      element('span', {}, LINES[name].label),
      value,
    );
    button.addEventListener('click', () => toggle(name));
    this.values.set(name, value);
    this.toggles.set(name, button);
    return element('li', {}, button);
  }
}

function lineSwatch(name: LineName): SVGElement {
  const { color, width, dash } = LINES[name];
  const y = String(SWATCH.height / 2);
  const line = svgElement('line', {
    x1: '1',
    x2: String(SWATCH.width - 1),
    y1: y,
    y2: y,
    stroke: `var(${COLOR_VARIABLES[color]})`,
    'stroke-width': String(width),
    'stroke-dasharray': dash.length > 0 ? dash.join(' ') : undefined,
  });
  const diamond = svgElement('path', {
    d: 'M14 0 L19 5 L14 10 L9 5 Z',
    fill: `var(${COLOR_VARIABLES[color]})`,
  });
  return swatch(name === 'switchover' ? [line, diamond] : [line]);
}

function patternSwatch(color: ThemeColor, pattern: 'hatched' | 'bar'): SVGElement {
  const paint = `var(${COLOR_VARIABLES[color]})`;
  if (pattern === 'bar') {
    return swatch([
      svgElement('rect', { width: '28', height: '10', fill: paint, opacity: '0.1' }),
      svgElement('rect', { width: '28', height: '4', y: '6', fill: paint }),
    ]);
  }
  const strokes = [2, 8, 14, 20, 26].map((x) => `M${x - 5} 10 L${x + 5} 0`).join(' ');
  return swatch([
    svgElement('path', { d: strokes, stroke: paint, opacity: '0.6' }),
    svgElement('line', {
      x2: '28',
      y1: '1',
      y2: '1',
      stroke: paint,
      'stroke-width': '2.5',
      'stroke-dasharray': '6 3',
    }),
  ]);
}

function swatch(shapes: SVGElement[]): SVGElement {
  const { width, height } = SWATCH;
  return svgElement(
    'svg',
    {
      class: 'swatch',
      width: String(width),
      height: String(height),
      viewBox: `0 0 ${width} ${height}`,
      'aria-hidden': 'true',
    },
    ...shapes,
  );
}
