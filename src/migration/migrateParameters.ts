import type { Monitor } from '../qmp/monitor.ts';
import { type ExactInteger, isJsonObject, type JsonObject, type JsonValue } from '../shared/json.ts';
import type { ParameterChange, RunRecord } from '../shared/runRecord.ts';

export const declaredBandwidthName = 'avail-switchover-bandwidth';

export interface Declarability {
  possible: boolean;
  /** Why not, in words for the user. */
  reason?: string;
}

/** @throws TypeError when the reply is not an object */
export async function queryMigrateParameters(monitor: Monitor): Promise<JsonObject> {
  const reply = await monitor.execute('query-migrate-parameters');
  if (!isJsonObject(reply)) throw new TypeError('query-migrate-parameters: the reply is not an object');
  return reply;
}

/** Whether this QEMU lets a switchover bandwidth be declared. It is asked, as versions are patched by distributors. */
export async function canDeclareBandwidth(monitor: Monitor): Promise<Declarability> {
  return declarability(await queryMigrateParameters(monitor), monitor);
}

export function declarability(parameters: JsonObject, monitor: Monitor): Declarability {
  if (declaredBandwidthName in parameters) return { possible: true };
  const { version } = monitor;
  const which = version ? `QEMU ${version.major}.${version.minor}.${version.micro}` : 'this QEMU';
  return {
    possible: false,
    reason: `${which} has no ${declaredBandwidthName}: declaring needs QEMU 8.2 or newer.`,
  };
}

/** An integer parameter; absent when QEMU does not have it. */
export function integerParameter(parameters: JsonObject, name: string): ExactInteger | undefined {
  const value = parameters[name];
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** The parameters as last seen: those of the start with what was changed since. */
export function currentParameters(record: RunRecord): JsonObject {
  const values = { ...record.parameters };
  for (const { parameter, to } of record.changes) values[parameter] = to;
  return values;
}

/** What differs between two replies of query-migrate-parameters. Lists and objects are told as JSON text. */
export function parameterChanges(t: number, before: JsonObject, after: JsonObject): ParameterChange[] {
  const changes: ParameterChange[] = [];
  for (const [parameter, value] of Object.entries(after)) {
    const from = scalar(before[parameter]);
    const to = scalar(value);
    if (to !== undefined && from !== to) {
      changes.push({ t, parameter, ...(from === undefined ? {} : { from }), to });
    }
  }
  return changes;
}

function scalar(value: JsonValue | undefined): ParameterChange['to'] | undefined {
  if (typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item));
}
