// The program of the chart panel's page.
import 'uplot/dist/uPlot.min.css';
import './page.css';
import './header.css';
import './plotFigure.css';
import './iterationTable.css';
import type { FromChart } from '../shared/chartMessages.ts';
import { ChartPage } from './chartPage.ts';
import { toChartMessage } from './toChart.ts';
import { readViewState, type ViewState } from './viewState.ts';

const vscode = acquireVsCodeApi<ViewState>();
const state = readViewState(vscode.getState());
const root = document.getElementById('chart') ?? document.body;
const page = new ChartPage(
  root,
  {
    post: (message: FromChart) => vscode.postMessage(message),
    save: (next) => {
      vscode.setState(next);
    },
  },
  state,
);

window.addEventListener('message', ({ data }) => {
  const message = toChartMessage(data);
  if (message) page.receive(message);
});
window.addEventListener('scrollend', () => page.rememberScroll());
vscode.postMessage({ type: 'ready' } satisfies FromChart);
