import { BANDWIDTH_UNITS, type BandwidthUnit } from '../shared/chartMessages.ts';
import { LINE_NAMES, type LineName } from './lineCatalog.ts';

/** What the page remembers over a reload; VS Code hands it to the extension too when it restores the panel. */
export interface ViewState {
  restore?: string;
  unit?: BandwidthUnit;
  scrollTop: number;
  /** Whether the plot of remaining bytes shows all of it; by its own judgement when absent. */
  wholeRange?: boolean;
  hidden: LineName[];
}

/** Reads a remembered state; what is missing or of an older version falls back to the defaults. */
export function readViewState(saved: unknown): ViewState {
  const fields: Record<string, unknown> = typeof saved === 'object' && saved !== null ? { ...saved } : {};
  const { restore, unit, scrollTop, wholeRange, hidden } = fields;
  const knownUnit = BANDWIDTH_UNITS.find((name) => name === unit);
  return {
    ...(typeof restore === 'string' ? { restore } : {}),
    ...(knownUnit ? { unit: knownUnit } : {}),
    scrollTop: typeof scrollTop === 'number' && scrollTop >= 0 ? scrollTop : 0,
    ...(typeof wholeRange === 'boolean' ? { wholeRange } : {}),
    hidden: Array.isArray(hidden) ? LINE_NAMES.filter((name) => hidden.includes(name)) : [],
  };
}
