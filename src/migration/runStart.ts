import type { Monitor } from '../qmp/monitor.ts';
import { isJsonObject, type JsonObject } from '../shared/json.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { declaredBandwidthName, integerParameter, queryMigrateParameters } from './migrateParameters.ts';
import { defined } from './queryMigrate.ts';

/** What is written down about a VM before the first sample. */
export type RunStart = Pick<
  RunRecord,
  | 'vm'
  | 'declaredBandwidth'
  | 'maxBandwidth'
  | 'downtimeLimitMs'
  | 'parameters'
  | 'capabilities'
  | 'passesFrom'
>;

/** Reads name, version, parameters and capabilities of the source. */
export async function readRunStart(source: Monitor, vmName: string | undefined): Promise<RunStart> {
  const [name, parameters, capabilities] = await Promise.all([
    vmName === undefined ? readName(source) : vmName,
    queryMigrateParameters(source),
    readCapabilities(source),
  ]);
  const { version } = source;
  const on = [...capabilities].filter(([, state]) => state).map(([capability]) => capability);
  return {
    vm: {
      name: name || source.address,
      address: source.address,
      qemu: version ? `${version.major}.${version.minor}.${version.micro}` : 'unknown',
    },
    passesFrom: capabilities.get('events') ? 'events' : 'polling',
    ...startValues(parameters),
    parameters,
    capabilities: on,
  };
}

/** Every capability that this QEMU knows, and whether it is on. */
export async function readCapabilities(monitor: Monitor): Promise<Map<string, boolean>> {
  const reply = await monitor.execute('query-migrate-capabilities');
  const known = new Map<string, boolean>();
  for (const item of Array.isArray(reply) ? reply : []) {
    if (isJsonObject(item) && typeof item['capability'] === 'string') {
      known.set(item['capability'], item['state'] === true);
    }
  }
  return known;
}

function startValues(
  parameters: JsonObject,
): Pick<RunRecord, 'declaredBandwidth' | 'maxBandwidth' | 'downtimeLimitMs'> {
  return {
    ...defined('declaredBandwidth', integerParameter(parameters, declaredBandwidthName)),
    ...defined('maxBandwidth', integerParameter(parameters, 'max-bandwidth')),
    ...defined('downtimeLimitMs', integerParameter(parameters, 'downtime-limit')),
  };
}

async function readName(monitor: Monitor): Promise<string> {
  const reply = await monitor.execute('query-name');
  return isJsonObject(reply) && typeof reply['name'] === 'string' ? reply['name'] : '';
}
