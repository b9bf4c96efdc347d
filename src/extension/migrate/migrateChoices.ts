import type { ExactInteger, JsonObject } from '../../shared/json.ts';
import type { Vm } from '../connections/vm.ts';

/** Where a VM migrates to: a connected VM that waits for it, or a URI that the user typed. */
export type Destination = { kind: 'vm'; vm: Vm } | { kind: 'uri'; uri: string };

/** What the steps of "Migrate VM…" fill in. Nothing is sent to any VM before the last of them. */
export interface MigrateChoices {
  readonly source: Vm;
  /** Reply of query-migrate-parameters of the source. */
  readonly parameters: JsonObject;
  /** Why this QEMU takes no declared bandwidth; absent when it does. */
  readonly cannotDeclare: string | undefined;
  destination?: Destination;
  /** Bytes per second; absent: not declared. */
  declaredBandwidth?: ExactInteger;
  /** Bytes per second. */
  maxBandwidth?: ExactInteger;
  downtimeLimitMs?: number;
}
