import { type Disposable, toDisposable } from '../shared/disposable.ts';

/** The colours and the font that a canvas needs, as VS Code's theme has them now. */
export interface Theme {
  background: string;
  foreground: string;
  muted: string;
  grid: string;
  font: string;
  blue: string;
  green: string;
  yellow: string;
  purple: string;
}

export type ThemeColor = 'foreground' | 'muted' | 'blue' | 'green' | 'yellow' | 'purple';

/** The style sheet variable of each colour of a line; all of them are set in every theme, high contrast too. */
export const COLOR_VARIABLES: Record<ThemeColor, string> = {
  foreground: '--vscode-charts-foreground',
  muted: '--vscode-descriptionForeground',
  blue: '--vscode-charts-blue',
  green: '--vscode-charts-green',
  yellow: '--vscode-charts-yellow',
  purple: '--vscode-charts-purple',
};

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const foreground = read('--vscode-editor-foreground') || read('--vscode-foreground');
  const color = (name: ThemeColor): string => read(COLOR_VARIABLES[name]) || foreground;
  return {
    background: read('--vscode-editor-background'),
    foreground: color('foreground'),
    muted: color('muted'),
    grid: `color-mix(in srgb, ${read('--vscode-charts-lines') || foreground} 35%, transparent)`,
    font: read('--vscode-font-family') || 'sans-serif',
    blue: color('blue'),
    green: color('green'),
    yellow: color('yellow'),
    purple: color('purple'),
  };
}

/** Calls back once per change of the theme, with the new one. */
export function onThemeChange(callback: (theme: Theme) => void): Disposable {
  let current = JSON.stringify(readTheme());
  // VS Code sets the variables and the attributes one after the other; observers run when all of that is done.
  const observer = new MutationObserver(() => {
    const theme = readTheme();
    const next = JSON.stringify(theme);
    if (next === current) return;
    current = next;
    callback(theme);
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
  });
  return toDisposable(() => observer.disconnect());
}
