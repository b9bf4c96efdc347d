import type { VmPair } from '../../src/lab/vmPair.ts';
import type { WorkbenchServer } from '../workbench/server.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { Camera } from './camera.ts';

/** What the pictures are taken of, and with. */
export interface Scene {
  readonly pair: VmPair;
  readonly server: WorkbenchServer;
  readonly workbench: Workbench;
  readonly camera: Camera;
  /** Path of a second monitor of the source, for what another client does. */
  readonly otherMonitor: string;
  readonly signal: AbortSignal;
}
