import type { AlternateEntry, ObjectEntry, TypeEntry } from '../qapi/introspection.ts';
import { argumentsOf, enumValues, type Member, membersOf } from '../qapi/members.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { memberValue, type ObjectNode } from './syntaxTree.ts';

/** The members that `node` may have where a value of type `typeName` is expected; an alternate's object counts. */
export function expectedMembers(
  index: SchemaIndex,
  typeName: string,
  node: ObjectNode | undefined,
): Member[] | undefined {
  const object = objectOf(index, index.type(typeName));
  if (!object) return undefined;
  return membersOf(index, object, (tag) => {
    const value = memberValue(node, tag);
    return value?.kind === 'string' ? value.value : undefined;
  });
}

/** The members of a command's arguments as they stand in `node`. */
export function expectedArguments(
  index: SchemaIndex,
  command: string,
  node: ObjectNode | undefined,
): Member[] | undefined {
  const entry = index.command(command);
  const type = entry && argumentsOf(index, entry);
  return type && expectedMembers(index, type.name, node);
}

/** The type of the items where a value of type `typeName` is expected. */
export function expectedItem(index: SchemaIndex, typeName: string): string | undefined {
  for (const type of alternatives(index, index.type(typeName))) {
    if (type['meta-type'] === 'array') return type['element-type'];
  }
  return undefined;
}

/** A value that can be offered where a value of the type is expected. */
export interface ExpectedValue {
  /** As JSON. */
  json: string;
  features: readonly string[];
}

/** All values of the type when they can be counted: of enums, booleans, null, and of alternates of those. */
export function expectedValues(index: SchemaIndex, typeName: string): ExpectedValue[] {
  return alternatives(index, index.type(typeName)).flatMap((type): ExpectedValue[] => {
    if (type['meta-type'] === 'enum') {
      return enumValues(type).map(({ name, features }) => ({ json: JSON.stringify(name), features }));
    }
    if (type['meta-type'] !== 'builtin') return [];
    if (type['json-type'] === 'boolean') return ['true', 'false'].map((json) => ({ json, features: [] }));
    return type['json-type'] === 'null' ? [{ json: 'null', features: [] }] : [];
  });
}

/** The type in a few words: "integer", "list of text", "zlib | zstd | none". */
export function describeType(index: SchemaIndex, typeName: string): string {
  const type = index.type(typeName);
  switch (type?.['meta-type']) {
    case 'builtin':
      return BUILTIN_NAMES[type['json-type']] ?? type['json-type'];
    case 'enum':
      return enumValues(type)
        .map(({ name }) => name)
        .join(' | ');
    case 'array':
      return `list of ${describeType(index, type['element-type'])}`;
    case 'alternate':
      return type.members.map((member) => describeType(index, member.type)).join(' or ');
    default:
      return 'object';
  }
}

const BUILTIN_NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  string: 'text',
  boolean: 'true | false',
  value: 'anything',
};

function objectOf(index: SchemaIndex, type: TypeEntry | undefined): ObjectEntry | undefined {
  return alternatives(index, type).find((one): one is ObjectEntry => one['meta-type'] === 'object');
}

function alternatives(index: SchemaIndex, type: TypeEntry | undefined): Exclude<TypeEntry, AlternateEntry>[] {
  if (!type) return [];
  if (type['meta-type'] !== 'alternate') return [type];
  return type.members.flatMap((member) => alternatives(index, index.type(member.type)));
}
