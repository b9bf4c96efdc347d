import { parseJson } from './parseJson.ts';
import type { CommandNode, MemberNode, ObjectNode, Span, SyntaxProblem, ValueNode } from './syntaxTree.ts';

/** A word: no blanks but in double quotes or brackets, a half-typed quote reaching to the end of the line. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Reads the short form of qmp-shell, one line: `command member=value other.member=value`. A value is a number, true,
 * false or null, a JSON object, list or quoted text, and else a text. `#` behind a blank starts a comment.
 */
export function parseShortForm(text: string, span: Span): CommandNode {
  const [first, ...rest] = words(text, span);
  const problems: SyntaxProblem[] = [];
  const { start, end } = first ?? span;
  const root: ObjectNode = { kind: 'object', start: end, end: span.end, members: [] };
  for (const word of rest) addMember(root, text, word, problems);
  return {
    form: 'short',
    ...span,
    name: { text: text.slice(start, end), start, end },
    arguments: root,
    problems,
  };
}

function addMember(root: ObjectNode, text: string, word: Span, problems: SyntaxProblem[]): void {
  const equals = text.slice(word.start, word.end).indexOf('=');
  const keyEnd = equals < 0 ? word.end : word.start + equals;
  if (equals < 0) problems.push({ ...word, message: 'A value is missing: write member=value.' });
  const path = keyPath(text, { start: word.start, end: keyEnd });
  const value = equals < 0 ? undefined : readValue(text, { start: keyEnd + 1, end: word.end }, problems);
  let object = root;
  for (const [depth, key] of path.entries()) {
    const known: MemberNode | undefined = object.members.find((member) => member.key.name === key.name);
    if (depth === path.length - 1) {
      if (known) problems.push({ ...key, message: `"${key.name}" is given twice: only one can hold.` });
      object.members.push({ ...word, key, ...(value && { value }) });
    } else {
      // One object for all that is said of it, and a member in each place, so that every word is found where it stands.
      const nested: ObjectNode =
        known?.value?.kind === 'object'
          ? known.value
          : { kind: 'object', start: key.end, end: word.end, members: [] };
      nested.end = word.end;
      object.members.push({ ...word, key, value: nested });
      object = nested;
    }
  }
}

/** `addr.type` are two keys. */
function keyPath(text: string, span: Span): MemberNode['key'][] {
  let start = span.start;
  return text
    .slice(span.start, span.end)
    .split('.')
    .map((name) => {
      const key = { name, start, end: start + name.length };
      start = key.end + 1;
      return key;
    });
}

function readValue(text: string, span: Span, problems: SyntaxProblem[]): ValueNode | undefined {
  const source = text.slice(span.start, span.end);
  if (source === '') {
    problems.push({
      start: span.start - 1,
      end: span.end,
      message: 'A value is missing behind the equals sign.',
    });
    return undefined;
  }
  if (NUMBER.test(source)) return { kind: 'number', ...span, text: source };
  if (/^(?:true|false)$/i.test(source))
    return { kind: 'boolean', ...span, value: source.toLowerCase() === 'true' };
  if (source === 'null') return { kind: 'null', ...span };
  if (/^[[{"]/.test(source)) {
    const parsed = parseJson(text, span);
    problems.push(...parsed.problems);
    return parsed.value;
  }
  return { kind: 'string', ...span, value: source };
}

function words(text: string, { start, end }: Span): Span[] {
  const found: Span[] = [];
  let at = start;
  for (;;) {
    while (at < end && /\s/.test(text.charAt(at))) at++;
    if (at >= end || text[at] === '#') return found;
    const from = at;
    at = wordEnd(text, at, end);
    found.push({ start: from, end: at });
  }
}

function wordEnd(text: string, start: number, end: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < end; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (depth <= 0 && /\s/.test(character)) return at;
  }
  return end;
}
