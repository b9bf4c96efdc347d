/** Where something stands in the document: offsets in UTF-16 units, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A .qmp document: commands one after the other, each readable on its own whatever the others look like. */
export interface QmpDocument {
  text: string;
  commands: CommandNode[];
  /** What stands between commands and is none. */
  problems: SyntaxProblem[];
}

/** One command, in either form; both lead to the same tree. */
export interface CommandNode extends Span {
  /** `{"execute": "…"}`, or `command-name member=value …` on one line. */
  form: 'json' | 'short';
  name?: CommandName;
  arguments?: ObjectNode;
  /** The whole object, in the JSON form. */
  root?: ObjectNode;
  problems: SyntaxProblem[];
}

export interface CommandName extends Span {
  text: string;
}

export type ValueNode = ObjectNode | ArrayNode | StringNode | NumberNode | BooleanNode | NullNode;

export interface ObjectNode extends Span {
  kind: 'object';
  members: MemberNode[];
}

export interface MemberNode extends Span {
  key: Span & { name: string };
  /** Absent while only the name has been typed. */
  value?: ValueNode;
}

export interface ArrayNode extends Span {
  kind: 'array';
  items: ValueNode[];
}

export interface StringNode extends Span {
  kind: 'string';
  value: string;
}

export interface NumberNode extends Span {
  kind: 'number';
  /** As written: `1.0` and `1` are one number and not the same to QEMU. */
  text: string;
}

export interface BooleanNode extends Span {
  kind: 'boolean';
  value: boolean;
}

export interface NullNode extends Span {
  kind: 'null';
}

export interface SyntaxProblem extends Span {
  message: string;
}

/** The plain value of a node; numbers as doubles. Of members with one name the last counts. */
export function plainValue(node: ValueNode): unknown {
  switch (node.kind) {
    case 'object': {
      const entries = node.members.flatMap(({ key, value }) =>
        value ? [[key.name, plainValue(value)]] : [],
      );
      return Object.fromEntries(entries);
    }
    case 'array':
      return node.items.map(plainValue);
    case 'number':
      return Number(node.text);
    case 'null':
      return null;
    default:
      return node.value;
  }
}

/** The value of the member `name`. */
export function memberValue(object: ObjectNode | undefined, name: string): ValueNode | undefined {
  return object?.members.findLast(({ key }) => key.name === name)?.value;
}
