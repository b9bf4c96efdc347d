/** The color themes that screenshots are taken in, with the class that the workbench bears while one is in force. */
export const THEMES = {
  'Dark Modern': 'vscode-theme-defaults-themes-dark_modern-json',
  'Light Modern': 'vscode-theme-defaults-themes-light_modern-json',
  'Dark High Contrast': 'vscode-theme-defaults-themes-hc_black-json',
  'Light High Contrast': 'vscode-theme-defaults-themes-hc_light-json',
} as const;

export type ThemeLabel = keyof typeof THEMES;
