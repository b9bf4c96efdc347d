import { assertNever } from '../shared/assertNever.ts';
import type { AlternateEntry, CommandEntry, ObjectEntry, TypeEntry } from './introspection.ts';
import { enumValues, takesAnyMember } from './members.ts';
import type { SchemaIndex } from './schemaIndex.ts';

/** A JSON Schema of draft 2020-12, or a part of one. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/**
 * The JSON Schema (2020-12) of a command's arguments, complete in itself: types that it uses are under `$defs`, so that
 * cycles of types are possible.
 *
 * Each object type has two definitions: `NAME`, its members, and `NAME.only`, the same with nothing else allowed.
 * Variants are flattened into their object in QAPI, so they refer to the former and their object to the latter.
 */
export function commandJsonSchema(index: SchemaIndex, command: CommandEntry): JsonSchema {
  const $defs: Record<string, JsonSchema> = {};
  const pending: string[] = [];
  const refer = (definition: string): JsonSchema => {
    if (!(definition in $defs)) {
      $defs[definition] = {};
      pending.push(definition);
    }
    return { $ref: `#/$defs/${encodeURIComponent(definition)}` };
  };
  const converter = new Converter(index, refer);
  const root = refer(takesAnyMember(index, command) ? command['arg-type'] : only(command['arg-type']));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    $defs[name] = converter.definition(name);
  }
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...root, $defs };
}

const ONLY = '.only';
const only = (typeName: string): string => typeName + ONLY;

class Converter {
  private readonly index: SchemaIndex;
  private readonly refer: (definition: string) => JsonSchema;

  constructor(index: SchemaIndex, refer: (definition: string) => JsonSchema) {
    this.index = index;
    this.refer = refer;
  }

  definition(name: string): JsonSchema {
    const closed = name.endsWith(ONLY);
    const type = this.index.type(closed ? name.slice(0, -ONLY.length) : name);
    if (!type) return {};
    if (type['meta-type'] === 'object') return closed ? this.closedObject(type) : this.openObject(type);
    return this.convert(type);
  }

  /** How a value of the type is written where it stands on its own. */
  private use(typeName: string): JsonSchema {
    const type = this.index.type(typeName);
    if (type?.['meta-type'] === 'object') return this.refer(only(typeName));
    return type?.['meta-type'] === 'builtin' ? this.convert(type) : this.refer(typeName);
  }

  private convert(type: Exclude<TypeEntry, ObjectEntry>): JsonSchema {
    switch (type['meta-type']) {
      case 'builtin':
        return builtin(type['json-type']);
      case 'enum':
        return { type: 'string', enum: enumValues(type).map(({ name }) => name) };
      case 'array':
        return { type: 'array', items: this.use(type['element-type']) };
      case 'alternate':
        return this.alternate(type);
      default:
        return assertNever(type);
    }
  }

  private openObject(type: ObjectEntry): JsonSchema {
    const schema: JsonSchema = { type: 'object' };
    schema['properties'] = Object.fromEntries(
      type.members.map(({ name, type: typeName, features }) => [
        name,
        features?.includes('deprecated') ? { ...this.use(typeName), deprecated: true } : this.use(typeName),
      ]),
    );
    const required = type.members.filter((member) => member.default === undefined).map(({ name }) => name);
    if (required.length > 0) schema['required'] = required;
    const variants = this.variants(type);
    if (variants.length > 0) schema['allOf'] = variants;
    return schema;
  }

  private closedObject(type: ObjectEntry): JsonSchema {
    if (this.variants(type).length > 0) return { ...this.refer(type.name), unevaluatedProperties: false };
    return { ...this.openObject(type), additionalProperties: false };
  }

  private variants({ tag, variants = [] }: ObjectEntry): JsonSchema[] {
    if (tag === undefined) return [];
    return variants
      .filter((variant) => !this.isEmpty(variant.type))
      .map((variant) =>
        when({ properties: { [tag]: { const: variant.case } }, required: [tag] }, this.refer(variant.type)),
      );
  }

  private isEmpty(typeName: string): boolean {
    const type = this.index.type(typeName);
    return type?.['meta-type'] === 'object' && type.members.length === 0 && type.tag === undefined;
  }

  /** By JSON type, so that what is wrong with a value is said of the alternative that was meant. */
  private alternate({ members }: AlternateEntry): JsonSchema {
    const alternatives = members.map(({ type }) => ({
      type: jsonTypeOf(this.index, type),
      schema: this.use(type),
    }));
    return {
      type: alternatives.map(({ type }) => type),
      allOf: alternatives.map(({ type, schema }) => when({ type }, schema)),
    };
  }
}

/** Not an object literal: one with a member `then` looks like a promise to every reader and linter. */
function when(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  return Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ]);
}

/** The JSON type by which QEMU recognizes a value of the type among those of an alternate. */
function jsonTypeOf(index: SchemaIndex, typeName: string): string {
  const type = index.type(typeName);
  switch (type?.['meta-type']) {
    case 'builtin':
      return type['json-type'] === 'int' ? 'integer' : type['json-type'];
    case 'enum':
      return 'string';
    case 'array':
      return 'array';
    default:
      return 'object';
  }
}

function builtin(jsonType: string): JsonSchema {
  switch (jsonType) {
    case 'int':
      return { type: 'integer' };
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return { type: jsonType };
    default:
      return {};
  }
}
