import type { CommandEntry, EnumEntry, MemberEntry, ObjectEntry } from './introspection.ts';
import type { SchemaIndex } from './schemaIndex.ts';

/** A member that an object may have. */
export interface Member {
  name: string;
  /** Look it up with `SchemaIndex.type`. */
  typeName: string;
  optional: boolean;
  /** An open set; "deprecated" and "unstable" are the ones with a meaning of their own. */
  features: readonly string[];
}

/**
 * The members of an object. A variant's members stand beside the object's own, so with a tag it matters which variant
 * is chosen: `valueOfTag` tells the value of the tag by its name, undefined while there is none.
 */
export function membersOf(
  index: SchemaIndex,
  object: ObjectEntry,
  valueOfTag: (tag: string) => string | undefined,
): Member[] {
  const own = object.members.map(toMember);
  if (object.tag === undefined) return own;
  const chosen = valueOfTag(object.tag);
  const variant = object.variants?.find((one) => one.case === chosen);
  const type = variant && index.type(variant.type);
  // A variant may have a tag itself: its members are on the same level, so the same question answers it.
  return type?.['meta-type'] === 'object' ? [...own, ...membersOf(index, type, valueOfTag)] : own;
}

/** The object type that a command's arguments make up. */
export function argumentsOf(index: SchemaIndex, command: CommandEntry): ObjectEntry | undefined {
  const type = index.type(command['arg-type']);
  return type?.['meta-type'] === 'object' ? type : undefined;
}

/** The values of an enum with their features, from any version of QEMU. */
export function enumValues(type: EnumEntry): { name: string; features: readonly string[] }[] {
  if (type.members) return type.members.map(({ name, features = [] }) => ({ name, features }));
  return (type.values ?? []).map((name) => ({ name, features: [] }));
}

/** Commands of QEMU that take any property of the device, backend or object besides the members they list. */
const TAKE_PROPERTIES: ReadonlySet<string> = new Set(['device_add', 'object-add', 'netdev_add']);

/** True when the members in the schema are not all that the command takes; object-add lists them all since 6.0. */
export function takesAnyMember(index: SchemaIndex, command: CommandEntry): boolean {
  return TAKE_PROPERTIES.has(command.name) && argumentsOf(index, command)?.tag === undefined;
}

function toMember(entry: MemberEntry): Member {
  return {
    name: entry.name,
    typeName: entry.type,
    optional: entry.default !== undefined,
    features: entry.features ?? [],
  };
}
