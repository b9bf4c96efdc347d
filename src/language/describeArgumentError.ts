import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from './didYouMean.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { ObjectNode, Span, ValueNode } from './syntaxTree.ts';
import type { KnownArguments } from './walkArguments.ts';

export interface ArgumentErrorScope {
  args: ObjectNode;
  known: KnownArguments;
  command: string;
  nameSpan: Span;
  versionLabel: string;
}

const SHOWN_VALUES = 12;

/** Says where in the document an error of validation is, and in QEMU's terms what is wrong; undefined for an echo. */
export function describeArgumentError(error: ErrorObject, scope: ArgumentErrorScope): Finding | undefined {
  const node = nodeAt(scope.args, error.instancePath);
  if (!node) return undefined;
  const span = { start: node.start, end: node.end };
  switch (error.keyword) {
    case 'if':
      // What is wrong with the alternative or variant is told on its own.
      return undefined;
    case 'type':
      return finding(span, 'wrong-type', `This has to be ${typeNames(error.params['type'])}.`);
    case 'enum':
      return notInEnum(span, node, error.params['allowedValues']);
    case 'required':
      return missing(scope, node, String(error.params['missingProperty']));
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownMember(scope, node, error);
    default:
      return finding(span, 'invalid', `This ${error.message ?? 'is not valid'}.`);
  }
}

function missing({ args, nameSpan, command }: ArgumentErrorScope, node: ValueNode, name: string): Finding {
  const span = node === args ? nameSpan : { start: node.start, end: node.start + 1 };
  const where = node === args ? command : 'This object';
  return finding({ start: span.start, end: span.end }, 'missing-member', `${where} needs "${name}".`);
}

function unknownMember(scope: ArgumentErrorScope, node: ValueNode, error: ErrorObject): Finding | undefined {
  if (node.kind !== 'object') return undefined;
  const name = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
  const member = node.members.findLast(({ key }) => key.name === name);
  const allowed = (scope.known.allowed.get(node) ?? []).map((one) => one.name);
  // A variant in which something else is wrong counts as a whole as not evaluated.
  if (!member || allowed.includes(name)) return undefined;
  const where = node === scope.args ? scope.command : 'this object';
  const none = allowed.length === 0 ? ' It takes no members at all.' : '';
  const message = `In ${scope.versionLabel} ${where} has no "${name}".${none}${didYouMean(name, allowed)}`;
  return finding({ start: member.key.start, end: member.key.end }, 'unknown-member', message);
}

function notInEnum(span: Span, node: ValueNode, allowedValues: unknown): Finding | undefined {
  // A value of another type is told by its type already.
  if (node.kind !== 'string' || !Array.isArray(allowedValues)) return undefined;
  const values = allowedValues.map(String);
  const rest = values.length > SHOWN_VALUES ? `, … ${values.length - SHOWN_VALUES} more` : '';
  const list = values.slice(0, SHOWN_VALUES).join(', ') + rest;
  return finding(
    span,
    'unknown-value',
    `"${node.value}" is none of ${list}.${didYouMean(node.value, values)}`,
  );
}

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type.map(String) : String(type).split(',');
  return types.map((one) => TYPE_NAMES[one] ?? one).join(' or ');
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/** Follows a JSON pointer. */
function nodeAt(root: ValueNode, pointer: string): ValueNode | undefined {
  let node: ValueNode | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node?.kind === 'object') node = node.members.findLast(({ key }) => key.name === name)?.value;
    else if (node?.kind === 'array') node = node.items[Number(name)];
    else return undefined;
  }
  return node;
}

function finding(span: Span, code: FindingCode, message: string): Finding {
  return { ...span, code, severity: 'error', message };
}
