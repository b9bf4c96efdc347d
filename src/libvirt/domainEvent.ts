import { ProtocolError } from '../qmp/errors.ts';
import { parseExact } from '../qmp/exactJson.ts';
import type { QmpEvent } from '../qmp/monitor.ts';
import { isJsonObject } from '../shared/json.ts';

/** Seconds and microseconds of QEMU's clock. */
const START = /^event (?<name>\S+) at (?<seconds>-?\d+)\.(?<microseconds>\d{6}) for domain (?<rest>.*)$/s;

/**
 * Reads a line of `virsh qemu-monitor-event`: `event STOP at 1795416509.841802 for domain 'vm1': <null>`. With its
 * option --timestamp virsh would print the time of its own clock instead of QEMU's.
 * @throws ProtocolError when it is no such line
 */
export function parseDomainEvent(line: string, domainName: string): Omit<QmpEvent, 'receivedAt'> {
  const { name, seconds, microseconds, rest = '' } = START.exec(line)?.groups ?? {};
  // A name may hold anything, so it is compared and not searched. Old releases put no quotes around it.
  const prefix = [`'${domainName}': `, `${domainName}: `].find((text) => rest.startsWith(text));
  if (name === undefined || prefix === undefined)
    throw new ProtocolError(`not an event: ${line.slice(0, 120)}`);
  const timestampUs = Number(seconds) * 1_000_000 + Number(microseconds);
  return { name, data: parseData(rest.slice(prefix.length)), timestampUs: Math.max(timestampUs, 0) };
}

function parseData(text: string): QmpEvent['data'] {
  if (text === '<null>') return {};
  try {
    const data = parseExact(text);
    if (isJsonObject(data)) return data;
  } catch (cause) {
    throw new ProtocolError(`the data of an event are malformed: ${text.slice(0, 120)}`, { cause });
  }
  throw new ProtocolError(`the data of an event are no object: ${text.slice(0, 120)}`);
}
