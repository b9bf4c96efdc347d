import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json.ts';
import { ProtocolError } from './errors.ts';
import { parseExact } from './exactJson.ts';
import type { QemuVersion } from './monitor.ts';

/** What a QMP server sends, told apart. */
export type QmpMessage =
  | { kind: 'greeting'; version: QemuVersion; capabilities: string[] }
  | { kind: 'event'; name: string; data: JsonObject; timestampUs: number }
  | { kind: 'return'; id: JsonValue | undefined; value: JsonValue }
  | { kind: 'error'; id: JsonValue | undefined; errorClass: string; description: string };

/** @throws ProtocolError when `text` is not a message of QMP */
export function parseMessage(text: string): QmpMessage {
  let value: JsonValue;
  try {
    value = parseExact(text);
  } catch (cause) {
    throw new ProtocolError(`malformed JSON: ${text.slice(0, 80)}`, { cause });
  }
  const message = isJsonObject(value) ? classify(value) : undefined;
  if (!message) throw new ProtocolError(`not a QMP message: ${text.slice(0, 80)}`);
  return message;
}

function classify(value: JsonObject): QmpMessage | undefined {
  const { QMP, event, error, id } = value;
  if ('return' in value) return { kind: 'return', id, value: value['return'] as JsonValue };
  if (isJsonObject(error)) {
    return { kind: 'error', id, errorClass: String(error['class']), description: String(error['desc']) };
  }
  if (typeof event === 'string') {
    const data = value['data'];
    return {
      kind: 'event',
      name: event,
      data: isJsonObject(data) ? data : {},
      timestampUs: timestamp(value),
    };
  }
  return isJsonObject(QMP) ? greeting(QMP) : undefined;
}

function timestamp(value: JsonObject): number {
  const stamp = value['timestamp'];
  if (!isJsonObject(stamp)) return 0;
  // QEMU sends −1 for both when its clock fails.
  return Number(stamp['seconds']) * 1_000_000 + Number(stamp['microseconds']);
}

function greeting(qmp: JsonObject): QmpMessage | undefined {
  const version = qmp['version'];
  const qemu = isJsonObject(version) ? version['qemu'] : undefined;
  if (!isJsonObject(version) || !isJsonObject(qemu)) return undefined;
  const capabilities = Array.isArray(qmp['capabilities']) ? qmp['capabilities'].map(String) : [];
  return {
    kind: 'greeting',
    capabilities,
    version: {
      major: Number(qemu['major']),
      minor: Number(qemu['minor']),
      micro: Number(qemu['micro']),
      package: String(version['package'] ?? ''),
    },
  };
}
