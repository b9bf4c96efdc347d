/** The words of the extension's user interface that the demo clicks on. */
export const LABELS = {
  container: 'QMP',
  view: 'Migrations',
  migrate: 'Migrate VM…',
  cancel: 'Cancel Migration',
  connect: 'Connect',
  waiting: 'waiting for a migration',
  unreachable: 'unreachable',
  notDeclared: 'Not declared',
  destinationStep: /destination/,
  declaredStep: /declared switchover bandwidth/,
  maxBandwidthStep: /max-bandwidth/,
  downtimeLimitStep: /downtime-limit/,
  /** The page of the chart panel, and the sentence in it. */
  chartPage: '#chart',
  verdict: '#chart .verdict',
} as const;

/** The names under which the demo's two VMs are in the tree. */
export const VM_NAMES = { source: 'source', destination: 'destination' } as const;
