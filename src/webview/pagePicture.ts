import type { BandwidthUnit } from '../shared/chartMessages.ts';
import { type CapturedPlot, capturePicture } from './capture.ts';
import type { ChartModel } from './chartModel.ts';
import { LINE_NAMES, LINES, type LineName, NOTES, type PlotName } from './lineCatalog.ts';
import { readOut } from './readout.ts';
import type { Theme } from './theme.ts';

export interface PictureSource {
  model: ChartModel;
  theme: Theme;
  unit: BandwidthUnit;
  hidden: ReadonlySet<LineName>;
  plots: { name: PlotName; title: string; canvas: HTMLCanvasElement }[];
}

/** The page as a PNG (a data URL): its words, both plots, and a legend of the lines that are shown and known. */
export function pagePicture({ model, theme, unit, hidden, plots }: PictureSource): string {
  const { values } = readOut(model, undefined, unit);
  const { title, state } = model.view;
  const captured = plots.map(({ name, ...plot }): CapturedPlot => {
    const lines = LINE_NAMES.filter((line) => LINES[line].plot === name && !hidden.has(line) && values[line]);
    const legend = lines.map((line) => {
      const { label, color, dash, width } = LINES[line];
      return { text: `${label}: ${values[line]}`, color: theme[color], dash, width };
    });
    const { label, color, pattern } = NOTES[name];
    const note = { text: label, color: theme[color], dash: pattern === 'hatched' ? [6, 3] : [], width: 4 };
    return { ...plot, legend: hasNote(model, name) ? [...legend, note] : legend };
  });
  const content = { title, status: state.status, verdict: state.verdict, plots: captured };
  return capturePicture(content, theme, window.devicePixelRatio);
}

function hasNote({ view, below }: ChartModel, plot: PlotName): boolean {
  if (plot === 'remaining') return below.length > 0;
  return view.steps.some(({ firstPass, lastPass }) => firstPass !== lastPass);
}
