import type { BandwidthStep, BandwidthUnit, ChartIteration } from '../shared/chartMessages.ts';
import { formatBandwidth, formatBytes, formatDuration, formatInteger } from '../shared/units.ts';
import { element, setText } from './dom.ts';

/** As many rows as are shown unasked: enough to read, few enough to lay out ten times a second. */
const SHOWN_ROWS = 200;
const NOT_KNOWN = '–';
const COLUMNS = [
  'Pass',
  'Start',
  'Duration',
  'Sent',
  'Bandwidth',
  '% of declared',
  'Dirty rate',
  'Remaining',
];

/** The table of iterations: the last ones when there are many, all on demand; only rows that changed are touched. */
export class IterationTable {
  readonly root: HTMLElement;
  private readonly body = element('tbody');
  private readonly more = element('button', { class: 'link', type: 'button', hidden: '' });
  private readonly note = element('p', { class: 'hint', hidden: '' });
  private readonly scroller: HTMLElement;
  private rows: HTMLTableRowElement[] = [];
  /** Index of the iteration in the first row. */
  private first = 0;
  private showsAll = false;
  /** Kept by events: asking for it at every update would cost a layout. */
  private followsEnd = true;
  private count = 0;
  private iterations: readonly ChartIteration[] = [];
  private steps: readonly BandwidthStep[] = [];
  private unit: BandwidthUnit = 'MiB/s';

  constructor() {
    const head = element('tr', {}, ...COLUMNS.map((name) => element('th', { scope: 'col' }, name)));
    const caption = element('caption', {}, 'Iterations');
    const table = element('table', {}, caption, element('thead', {}, head), this.body);
    this.scroller = element(
      'div',
      { class: 'table-scroller', role: 'region', tabindex: '0', 'aria-label': 'Table of iterations' },
      table,
    );
    this.scroller.addEventListener('scroll', () => {
      const { scrollTop, clientHeight, scrollHeight } = this.scroller;
      this.followsEnd = scrollTop + clientHeight >= scrollHeight - 4;
    });
    this.more.addEventListener('click', () => {
      this.showsAll = true;
      this.update(this.iterations, this.steps, this.unit, 0);
    });
    setText(this.note, '≈ too short to be measured alone: the plot shows the average with its neighbours.');
    this.root = element(
      'section',
      { class: 'iterations', 'aria-label': 'Iterations' },
      this.scroller,
      this.more,
      this.note,
    );
  }

  /** Shows the iterations; those before index `from` are as they were at the last call. */
  update(
    iterations: readonly ChartIteration[],
    steps: readonly BandwidthStep[],
    unit: BandwidthUnit,
    from: number,
  ): void {
    this.iterations = iterations;
    this.steps = steps;
    if (from === 0) this.note.hidden = true;
    const wasEmpty = this.rows.length === 0;
    const unitChanged = unit !== this.unit;
    this.unit = unit;
    const first = this.showsAll ? 0 : Math.max(0, iterations.length - SHOWN_ROWS);
    this.shift(first);
    this.fill(unitChanged ? first : Math.max(first, Math.min(from, first + this.rows.length)));
    const isCut = first > 0;
    this.more.hidden = !isCut;
    if (isCut)
      setText(
        this.more,
        `Show all ${formatInteger(iterations.length)} passes (the last ${SHOWN_ROWS} are shown)`,
      );
    // Follows the newest pass unless the reader has scrolled away from it.
    if (this.followsEnd && !wasEmpty && iterations.length !== this.count) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
    }
    this.count = iterations.length;
  }

  private shift(first: number): void {
    if (first < this.first || first - this.first >= this.rows.length) {
      this.body.replaceChildren();
      this.rows = [];
    } else {
      for (const row of this.rows.splice(0, first - this.first)) row.remove();
    }
    this.first = first;
  }

  private fill(from: number): void {
    const wanted = this.iterations.length - this.first;
    for (const row of this.rows.splice(wanted)) row.remove();
    for (let index = from; index < this.iterations.length; index += 1) {
      const iteration = this.iterations[index];
      const row = this.rows[index - this.first] ?? this.addRow();
      if (iteration) this.fillRow(row, iteration);
    }
  }

  private addRow(): HTMLTableRowElement {
    const cells = COLUMNS.map((_, column) =>
      column === 0 ? element('th', { scope: 'row' }) : element('td'),
    );
    const row = element('tr', {}, ...cells);
    this.body.append(row);
    this.rows.push(row);
    return row;
  }

  private fillRow(row: HTMLTableRowElement, iteration: ChartIteration): void {
    const isPooled = this.isPooled(iteration.pass);
    if (isPooled) this.note.hidden = false;
    cellTexts(iteration, isPooled, this.unit).forEach((text, column) => {
      const cell = row.cells[column];
      if (cell) setText(cell, text);
    });
  }

  private isPooled(pass: number): boolean {
    // The pass asked for is nearly always among the last.
    const step = this.steps.findLast(({ firstPass }) => firstPass <= pass);
    return step !== undefined && step.lastPass >= pass && step.firstPass !== step.lastPass;
  }
}

function cellTexts(iteration: ChartIteration, isPooled: boolean, unit: BandwidthUnit): string[] {
  const { pass, start, end, bytes, bandwidth, percentOfDeclared, dirtyRate, remaining } = iteration;
  const measured = bandwidth === undefined ? NOT_KNOWN : formatBandwidth(bandwidth, unit, 'padded');
  return [
    String(pass),
    `${(start / 1000).toFixed(2)} s`,
    formatDuration(end - start),
    bytes === undefined ? NOT_KNOWN : formatBytes(bytes, 'padded'),
    isPooled && bandwidth !== undefined ? `≈ ${measured}` : measured,
    percentOfDeclared === undefined ? NOT_KNOWN : `${percentText(percentOfDeclared)} %`,
    dirtyRate === undefined ? NOT_KNOWN : formatBandwidth(dirtyRate, unit, 'padded'),
    remaining === undefined ? NOT_KNOWN : formatBytes(remaining, 'padded'),
  ];
}

function percentText(percent: number): string {
  if (percent > 0 && percent < 0.1) return '< 0.1';
  return percent < 10 ? percent.toFixed(1) : percent.toFixed(0);
}
