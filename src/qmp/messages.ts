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
    const { class: errorClass, desc: description } = error;
    if (typeof errorClass !== 'string' || typeof description !== 'string') return undefined;
    return { kind: 'error', id, errorClass, description };
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

/** 0 when QEMU's own clock failed it (it sends −1 for both then) or it says nothing. */
function timestamp(value: JsonObject): number {
  const stamp = value['timestamp'];
  if (!isJsonObject(stamp)) return 0;
  const us = Number(stamp['seconds']) * 1_000_000 + Number(stamp['microseconds']);
  return Number.isSafeInteger(us) ? Math.max(us, 0) : 0;
}

function greeting(qmp: JsonObject): QmpMessage | undefined {
  const version = qmp['version'];
  const qemu = isJsonObject(version) ? version['qemu'] : undefined;
  if (!isJsonObject(version) || !isJsonObject(qemu)) return undefined;
  const { major, minor, micro } = qemu;
  if (typeof major !== 'number' || typeof minor !== 'number' || typeof micro !== 'number') return undefined;
  const capabilities = Array.isArray(qmp['capabilities']) ? qmp['capabilities'].map(String) : [];
  const suffix = version['package'];
  return {
    kind: 'greeting',
    capabilities,
    version: { major, minor, micro, package: typeof suffix === 'string' ? suffix : '' },
  };
}
