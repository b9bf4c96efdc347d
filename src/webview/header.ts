import {
  BANDWIDTH_UNITS,
  type BandwidthUnit,
  type ChartState,
  type ExportFormat,
} from '../shared/chartMessages.ts';
import { element, setText } from './dom.ts';

export interface HeaderEvents {
  cancel(): void;
  export(format: ExportFormat): void;
  unit(unit: BandwidthUnit): void;
}

const EXPORT_LABELS: Record<ExportFormat, string> = {
  csv: 'CSV',
  json: 'JSON',
  png: 'PNG',
  markdown: 'Markdown',
};

/** Title, status, the buttons and the facts. */
export class Header {
  readonly root: HTMLElement;
  private readonly title = element('h1', {}, 'Migration');
  private readonly badge = element('span', { class: 'badge', hidden: '' });
  private readonly cancel = element(
    'button',
    { class: 'primary', type: 'button', hidden: '' },
    'Cancel Migration',
  );
  private readonly facts = element('dl', { class: 'facts' });
  private readonly units = new Map<BandwidthUnit, HTMLElement>();

  constructor(events: HeaderEvents) {
    this.cancel.addEventListener('click', () => events.cancel());
    const units = BANDWIDTH_UNITS.map((unit) => {
      const button = element('button', { type: 'button', 'aria-pressed': 'false' }, unit);
      button.addEventListener('click', () => events.unit(unit));
      this.units.set(unit, button);
      return button;
    });
    const exports = (Object.keys(EXPORT_LABELS) as ExportFormat[]).map((format) => {
      const label = EXPORT_LABELS[format];
      const button = element(
        'button',
        { type: 'button', title: `Export as ${label}`, 'aria-label': `Export as ${label}` },
        label,
      );
      button.addEventListener('click', () => events.export(format));
      return button;
    });
    this.root = element(
      'header',
      {},
      element('div', { class: 'heading' }, this.title, this.badge),
      element(
        'div',
        { class: 'toolbar' },
        this.cancel,
        element('div', { class: 'segmented', role: 'group', 'aria-label': 'Unit of bandwidths' }, ...units),
        element(
          'div',
          { class: 'segmented', role: 'group', 'aria-label': 'Export' },
          element('span', { class: 'group-label' }, 'Export'),
          ...exports,
        ),
      ),
      this.facts,
    );
  }

  show(title: string, startedAt: string, state: ChartState): void {
    setText(this.title, title);
    const started = new Date(startedAt);
    this.title.title = Number.isNaN(started.getTime()) ? startedAt : `Started ${started.toLocaleString()}`;
    setText(this.badge, state.status);
    this.badge.dataset['status'] = state.status;
    this.badge.hidden = false;
    this.cancel.hidden = !state.canCancel;
    this.showFacts(state.facts);
  }

  showUnit(unit: BandwidthUnit): void {
    for (const [name, button] of this.units) button.setAttribute('aria-pressed', String(name === unit));
  }

  private showFacts(facts: ChartState['facts']): void {
    while (this.facts.children.length > facts.length) this.facts.lastElementChild?.remove();
    facts.forEach(({ label, value }, index) => {
      if (!this.facts.children[index]) this.facts.append(element('div', {}, element('dt'), element('dd')));
      const [name, text] = this.facts.children[index]?.children ?? [];
      if (name instanceof HTMLElement) setText(name, label);
      if (text instanceof HTMLElement) setText(text, value);
    });
  }
}
