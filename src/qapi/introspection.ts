/** An entry of the reply to query-qmp-schema, as QEMU sends it (qapi/introspect.json of QEMU). */
export type SchemaEntry =
  | BuiltinEntry
  | EnumEntry
  | ArrayEntry
  | ObjectEntry
  | AlternateEntry
  | CommandEntry
  | EventEntry;

/** A type that a name such as "153" or "[str]" stands for. Names are opaque and differ between builds of QEMU. */
export type TypeEntry = BuiltinEntry | EnumEntry | ArrayEntry | ObjectEntry | AlternateEntry;

export interface BuiltinEntry extends Named<'builtin'> {
  /** string, int, number, boolean, null or value; every width of integer is "int". */
  'json-type': string;
}

export interface EnumEntry extends Named<'enum'> {
  /** Since 6.2, with the features of each value. */
  members?: { name: string; features?: string[] }[];
  /** All that versions before 6.2 have. */
  values?: string[];
}

export interface ArrayEntry extends Named<'array'> {
  'element-type': string;
}

export interface ObjectEntry extends Named<'object'> {
  members: MemberEntry[];
  /** The member whose value chooses a variant; the variant's members stand beside the others. */
  tag?: string;
  variants?: { case: string; type: string }[];
}

export interface MemberEntry {
  name: string;
  type: string;
  /** Only ever null, and means "optional": it is not the default value. */
  default?: null;
  features?: string[];
}

export interface AlternateEntry extends Named<'alternate'> {
  /** Told apart by their JSON types. */
  members: { type: string }[];
}

export interface CommandEntry extends Named<'command'> {
  'arg-type': string;
  'ret-type': string;
  'allow-oob'?: boolean;
}

export interface EventEntry extends Named<'event'> {
  'arg-type': string;
}

interface Named<Meta extends string> {
  name: string;
  'meta-type': Meta;
  features?: string[];
}

/** What was handed over is not the reply to query-qmp-schema. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Reads the reply to query-qmp-schema: `{"return": […]}`, or the list alone. Plain `JSON.parse` is exact here, the
 * schema holds no long integers.
 * @throws SchemaError when it is something else
 */
export function parseSchemaReply(text: string): SchemaEntry[] {
  const entries = unwrap(parseJson(text));
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new SchemaError('This is not the reply of QEMU to query-qmp-schema: it holds no list of entries.');
  }
  const odd = entries.findIndex((entry) => !isEntry(entry));
  if (odd >= 0) {
    throw new SchemaError(`Entry ${odd} of the reply to query-qmp-schema has no name or no meta-type.`);
  }
  return entries as SchemaEntry[];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SchemaError('The reply to query-qmp-schema is not JSON: was it cut off?', { cause });
  }
}

function unwrap(reply: unknown): unknown {
  return typeof reply === 'object' && reply !== null && 'return' in reply ? reply.return : reply;
}

function isEntry(entry: unknown): boolean {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'name' in entry &&
    typeof entry.name === 'string' &&
    'meta-type' in entry &&
    typeof entry['meta-type'] === 'string'
  );
}
