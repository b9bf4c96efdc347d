import type { Member } from '../qapi/members.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { expectedArguments, expectedItem, expectedMembers } from './expectedType.ts';
import type { CommandNode, MemberNode, ObjectNode, QmpDocument, Span, ValueNode } from './syntaxTree.ts';

/** What may stand, or stands, where the cursor is. `replace` is what a completion takes the place of. */
export type CursorContext = { form: CommandNode['form']; replace: Span } & (
  | { kind: 'command-name'; command?: CommandNode }
  | { kind: 'top-level-key'; root: ObjectNode }
  | { kind: 'key'; members: Member[]; object: ObjectNode; command: string; isArgument: boolean }
  | {
      kind: 'value';
      typeName: string;
      command: string;
      /** Of the innermost member around; absent inside a list. */
      member?: Member;
      isArgument: boolean;
      arguments: ObjectNode;
      node?: ValueNode;
    }
);

/** What the cursor at `offset` is about; undefined where nothing is known to belong. */
export function cursorContext(
  index: SchemaIndex,
  document: QmpDocument,
  offset: number,
): CursorContext | undefined {
  const { text } = document;
  const command = document.commands.findLast((one) => one.start <= offset && offset <= extent(one, text));
  if (!command) {
    const word = wordBefore(text, offset);
    const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
    if (text.slice(lineStart, word.start).trim() !== '') return undefined;
    return { form: 'short', kind: 'command-name', replace: word };
  }
  const walk = new Walk(index, text, offset, command);
  return command.form === 'short' ? walk.short() : walk.json();
}

/** A short form reaches to the end of its line, where its next member will be typed. */
function extent(command: CommandNode, text: string): number {
  if (command.form === 'json') return command.end;
  const lineEnd = text.indexOf('\n', command.end);
  return lineEnd < 0 ? text.length : lineEnd;
}

class Walk {
  private readonly index: SchemaIndex;
  private readonly text: string;
  private readonly offset: number;
  private readonly command: CommandNode;

  constructor(index: SchemaIndex, text: string, offset: number, command: CommandNode) {
    this.index = index;
    this.text = text;
    this.offset = offset;
    this.command = command;
  }

  short(): CursorContext | undefined {
    const { name, arguments: args, form } = this.command;
    if (name && this.offset <= name.end)
      return { form, kind: 'command-name', replace: name, command: this.command };
    const members = name && args && expectedArguments(this.index, name.text, args);
    return members && this.inObject(args, members, true);
  }

  json(): CursorContext | undefined {
    const { root, name, form } = this.command;
    if (!root || !this.isInside(root)) return undefined;
    const at = this.memberAt(root);
    if (at === 'key')
      return { form, kind: 'top-level-key', root, replace: this.replaced(this.keyAt(root)?.key) };
    if (!at) return undefined;
    const key = at.key.name;
    if (key === 'execute' || key === 'exec-oob') {
      return { form, kind: 'command-name', replace: this.replaced(at.value), command: this.command };
    }
    if (key !== 'arguments' || !name || at.value?.kind !== 'object' || !this.isInside(at.value))
      return undefined;
    const members = expectedArguments(this.index, name.text, at.value);
    return members && this.inObject(at.value, members, true);
  }

  private inObject(object: ObjectNode, members: Member[], isArgument: boolean): CursorContext | undefined {
    const { form } = this.command;
    const command = this.command.name?.text ?? '';
    const at = this.memberAt(object);
    if (at === 'key') {
      const replace = this.replaced(this.keyAt(object)?.key);
      return { form, kind: 'key', members, object, command, isArgument, replace };
    }
    const member = at && members.find(({ name }) => name === at.key.name);
    return member && this.inValue(at.value, member.typeName, member, isArgument);
  }

  private inValue(
    node: ValueNode | undefined,
    typeName: string,
    member: Member | undefined,
    isArgument: boolean,
  ): CursorContext | undefined {
    if (node?.kind === 'object' && this.isInside(node)) {
      const members = expectedMembers(this.index, typeName, node);
      return members && this.inObject(node, members, false);
    }
    if (node?.kind === 'array' && this.isInside(node)) {
      const item = expectedItem(this.index, typeName);
      const at = node.items.find((one) => one.start <= this.offset && this.offset <= one.end);
      return item === undefined ? undefined : this.inValue(at, item, undefined, false);
    }
    const { form, name, arguments: args } = this.command;
    if (!name || !args) return undefined;
    const found = { typeName, command: name.text, isArgument, arguments: args, replace: this.replaced(node) };
    return { form, kind: 'value', ...found, ...(member && { member }), ...(node && { node }) };
  }

  /** The member whose value the cursor is in, "key" where a name may stand. */
  private memberAt(object: ObjectNode): MemberNode | 'key' | undefined {
    const inside = object.members.find((one) => one.start <= this.offset && this.offset <= one.end);
    if (this.command.form === 'short') {
      if (!inside) return 'key';
      const inKey = this.offset <= inside.key.end && inside.key.start <= this.offset;
      return inKey ? 'key' : inside;
    }
    if (inside && this.offset <= inside.key.end) return 'key';
    if (inside?.value && inside.value.start <= this.offset) return inside;
    // Between the parts the nearest sign tells: behind a colon comes a value, behind a brace or comma a name.
    const before = this.text.slice(0, wordBefore(this.text, this.offset).start).trimEnd().at(-1);
    if (before === '{' || before === ',') return 'key';
    return before === ':' ? object.members.findLast((one) => one.start < this.offset) : undefined;
  }

  private keyAt(object: ObjectNode): MemberNode | undefined {
    return object.members.find(({ key }) => key.start <= this.offset && this.offset <= key.end);
  }

  private isInside(node: ValueNode): boolean {
    const closed = /[}\]]/.test(this.text.charAt(node.end - 1)) && node.end - node.start > 1;
    const isNested = node.kind === 'object' && !this.text.startsWith('{', node.start);
    if (isNested) return node.start <= this.offset && this.offset <= node.end;
    return node.start < this.offset && (closed ? this.offset < node.end : this.offset <= node.end);
  }

  private replaced(node: Span | undefined): Span {
    const word = wordBefore(this.text, this.offset);
    if (!node || node.start > this.offset || this.offset > node.end) return word;
    const isHalfQuoted =
      this.text[node.start] === '"' && (node.end - node.start < 2 || this.text[node.end - 1] !== '"');
    // The rest of the line belongs to a text without its closing quote, but was hardly meant to.
    return isHalfQuoted ? { start: node.start, end: word.end } : { start: node.start, end: node.end };
  }
}

/** The word around the offset, as far as it goes to the left; to the right too. */
function wordBefore(text: string, offset: number): Span {
  let start = offset;
  while (start > 0 && /[\w.+-]/.test(text.charAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && /[\w.+-]/.test(text.charAt(end))) end++;
  return { start, end };
}
