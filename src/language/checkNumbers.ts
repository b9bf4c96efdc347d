import { checkParameterValue } from '../qapi/parameterCheck.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { parseBandwidth } from '../shared/bandwidth.ts';
import type { Finding } from './finding.ts';
import { argumentKnowledge } from './memberDocs.ts';
import type { KnownArguments, KnownMember } from './walkArguments.ts';

const INTEGER = /^-?\d+$/;

/** What the schema can't tell of numbers: how an integer is written, and which ones a migration parameter takes. */
export function checkNumbers(index: SchemaIndex, command: string, known: KnownArguments): Finding[] {
  const findings: Finding[] = [];
  for (const { node, typeName } of known.values) {
    if (node.kind !== 'number' || !expectsInteger(index, typeName)) continue;
    const message = integerProblem(node.text);
    if (message)
      findings.push({ start: node.start, end: node.end, code: 'not-an-integer', severity: 'error', message });
  }
  return [...findings, ...known.members.flatMap((member) => checkParameter(command, member) ?? [])];
}

function expectsInteger(index: SchemaIndex, typeName: string): boolean {
  const type = index.type(typeName);
  if (type?.['meta-type'] === 'alternate')
    return type.members.some((member) => expectsInteger(index, member.type));
  return type?.['meta-type'] === 'builtin' && type['json-type'] === 'int';
}

/** QEMU goes by how a number is written: JSON Schema takes 1.0 for an integer, QEMU does not. */
function integerProblem(text: string): string | undefined {
  if (!INTEGER.test(text)) return `QEMU takes only digits for an integer: it refuses ${text}.`;
  const value = BigInt(text);
  if (value >= 2n ** 64n || value < -(2n ** 63n)) {
    return `${text} does not fit the 64 bits of QEMU's integers: the largest is 18446744073709551615.`;
  }
  return undefined;
}

function checkParameter(command: string, { member, node, isArgument }: KnownMember): Finding | undefined {
  const { value, key } = node;
  const knowledge = argumentKnowledge(command, isArgument, key.name);
  if (!value || !knowledge) return undefined;
  const span = { start: value.start, end: value.end };
  if (value.kind === 'string' && knowledge.unit === 'B/s') {
    const meant = bytesPerSecond(value.value);
    if (meant === undefined) return undefined;
    const message = `QMP takes bytes per second, without a unit: write ${meant} for ${value.value}.`;
    return { ...span, code: 'wrong-type', severity: 'error', message };
  }
  if (value.kind !== 'number' || integerProblem(value.text)) return undefined;
  const remark = checkParameterValue(member.name, BigInt(value.text));
  return remark && { ...span, code: remark.kind, severity: remark.severity, message: remark.message };
}

function bytesPerSecond(text: string): string | undefined {
  try {
    return String(parseBandwidth(text));
  } catch {
    // Not a bandwidth: that it is no number either is said by the schema.
    return undefined;
  }
}
