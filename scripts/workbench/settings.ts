/** Values of settings.json. */
export type WorkbenchSettings = Readonly<Record<string, unknown>>;

/** What keeps a workbench quiet that is driven by a program: no trust question, no welcome page, no look-ups. */
export const QUIET_SETTINGS: WorkbenchSettings = {
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
};
