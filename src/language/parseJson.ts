import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { MemberNode, ObjectNode, Span, SyntaxProblem, ValueNode } from './syntaxTree.ts';

export interface ParsedJson {
  value?: ValueNode;
  problems: SyntaxProblem[];
}

/** Reads the JSON value in `span` of `text` as far as it goes; comments are allowed, as QEMU never gets to see them. */
export function parseJson(text: string, span: Span): ParsedJson {
  const source = text.slice(span.start, span.end);
  if (isNestedTooDeeply(source)) return { problems: [{ ...span, message: TOO_DEEP }] };
  const errors: ParseError[] = [];
  const node = parseTree(source, errors, { allowEmptyContent: true });
  const problems = errors.filter(isNoEcho).map((error) => describe(error, span));
  const reader = new Reader(text, span.start, problems);
  const value = node && reader.value(node);
  return value ? { value, problems } : { problems };
}

/** Where a value can't be read, jsonc-parser says so and then that it is missing. */
function isNoEcho({ error }: ParseError, at: number, all: ParseError[]): boolean {
  const before = all[at - 1];
  return !(
    before &&
    printParseErrorCode(before.error) === 'InvalidSymbol' &&
    printParseErrorCode(error) === 'ValueExpected'
  );
}

class Reader {
  private readonly text: string;
  private readonly base: number;
  private readonly problems: SyntaxProblem[];

  constructor(text: string, base: number, problems: SyntaxProblem[]) {
    this.text = text;
    this.base = base;
    this.problems = problems;
  }

  value(node: Node): ValueNode | undefined {
    const span = this.span(node);
    switch (node.type) {
      case 'object':
        return this.object(span, node.children ?? []);
      case 'array':
        return {
          kind: 'array',
          ...span,
          items: (node.children ?? []).flatMap((item) => this.value(item) ?? []),
        };
      case 'string':
        return { kind: 'string', ...span, value: String(node.value) };
      case 'number':
        return { kind: 'number', ...span, text: this.text.slice(span.start, span.end) };
      case 'boolean':
        return { kind: 'boolean', ...span, value: node.value === true };
      case 'null':
        return { kind: 'null', ...span };
      default:
        return undefined;
    }
  }

  private object(span: Span, properties: Node[]): ObjectNode {
    const members: MemberNode[] = [];
    const names = new Set<string>();
    for (const property of properties) {
      const [keyNode, valueNode] = property.children ?? [];
      if (!keyNode) continue;
      const key = { ...this.span(keyNode), name: String(keyNode.value) };
      const value = valueNode && this.value(valueNode);
      if (names.has(key.name))
        this.problems.push({ ...key, message: `"${key.name}" is given twice: QEMU refuses that.` });
      names.add(key.name);
      members.push({ ...this.span(property), key, ...(value && { value }) });
    }
    return { kind: 'object', ...span, members };
  }

  private span({ offset, length }: Node): Span {
    return { start: this.base + offset, end: this.base + offset + length };
  }
}

/** MAX_NESTING of QEMU's JSON parser (qobject/json-streamer.c). */
const MAX_NESTING = 1024;
const TOO_DEEP = `This is nested deeper than ${MAX_NESTING} levels: QEMU refuses that.`;

function isNestedTooDeeply(source: string): boolean {
  if (source.length <= MAX_NESTING) return false;
  let depth = 0;
  for (const [token] of source.matchAll(/"(?:\\.|[^"\\\n])*"|[[{\]}]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

function describe({ error, offset, length }: ParseError, span: Span): SyntaxProblem {
  const code = printParseErrorCode(error);
  const start = Math.min(span.start + offset, span.end);
  // What is missing at the end of the text has no length: show the last character instead.
  const at =
    length === 0 || start >= span.end ? { start: Math.max(span.start, start - 1), end: start } : undefined;
  return {
    ...(at ?? { start, end: start + length }),
    message: MESSAGES[code] ?? `This is not JSON (${code}).`,
  };
}

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is no JSON value. Is a text meant? It needs double quotes.',
  InvalidNumberFormat: 'This is not a number in JSON: only digits, without leading zeros.',
  PropertyNameExpected: 'A member name in double quotes is missing here.',
  ValueExpected: 'A value is missing here.',
  ColonExpected: 'A colon is missing here.',
  CommaExpected: 'A comma is missing here.',
  CloseBraceExpected: 'A closing } is missing here.',
  CloseBracketExpected: 'A closing ] is missing here.',
  EndOfFileExpected: 'The command ends before this.',
  UnexpectedEndOfString: 'The closing double quote of this text is missing.',
  UnexpectedEndOfComment: 'The closing */ of this comment is missing.',
};
