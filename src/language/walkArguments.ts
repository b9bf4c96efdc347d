import type { Member } from '../qapi/members.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { expectedArguments, expectedItem, expectedMembers } from './expectedType.ts';
import type { MemberNode, ObjectNode, ValueNode } from './syntaxTree.ts';

/** A member in the document that the schema knows. */
export interface KnownMember {
  member: Member;
  node: MemberNode;
  /** True for one of the arguments themselves, false for one deeper down. */
  isArgument: boolean;
}

/** A value in the document with the type that is expected there. */
export interface KnownValue {
  typeName: string;
  node: ValueNode;
}

/** What the schema knows about the arguments of a command as they stand in the document. */
export interface KnownArguments {
  members: KnownMember[];
  values: KnownValue[];
  /** The members that each object may have, by its node. */
  allowed: Map<ObjectNode, Member[]>;
}

export function walkArguments(index: SchemaIndex, command: string, args: ObjectNode): KnownArguments {
  const known: KnownArguments = { members: [], values: [], allowed: new Map() };
  const visitObject = (node: ObjectNode, members: Member[], isArgument: boolean): void => {
    known.allowed.set(node, members);
    const byName = new Map(members.map((member) => [member.name, member]));
    for (const entry of node.members) {
      const member = byName.get(entry.key.name);
      if (!member) continue;
      known.members.push({ member, node: entry, isArgument });
      if (entry.value) visitValue(entry.value, member.typeName);
    }
  };
  const visitValue = (node: ValueNode, typeName: string): void => {
    // The short form says `a.b=1 a.c=2` of one object twice.
    if (node.kind === 'object' && known.allowed.has(node)) return;
    known.values.push({ typeName, node });
    if (node.kind === 'object') {
      const members = expectedMembers(index, typeName, node);
      if (members) visitObject(node, members, false);
    } else if (node.kind === 'array') {
      const item = expectedItem(index, typeName);
      if (item !== undefined) for (const one of node.items) visitValue(one, item);
    }
  };
  const members = expectedArguments(index, command, args);
  if (members) visitObject(args, members, true);
  return known;
}
