import { parseJson } from './parseJson.ts';
import { parseShortForm } from './parseShortForm.ts';
import { splitCommands } from './splitCommands.ts';
import {
  type CommandNode,
  memberValue,
  type QmpDocument,
  type Span,
  type SyntaxProblem,
} from './syntaxTree.ts';

/** Reads a .qmp document. Never throws: what is wrong is told in `problems`, and the rest is there. */
export function parseDocument(text: string): QmpDocument {
  const commands: CommandNode[] = [];
  const problems: SyntaxProblem[] = [];
  const source = withoutCommentLines(text);
  for (const { kind, ...span } of splitCommands(source)) {
    if (kind === 'junk') problems.push({ ...span, message: NO_COMMAND });
    else commands.push(kind === 'json' ? parseJsonForm(source, span) : parseShortForm(source, span));
  }
  return { text, commands, problems };
}

const NO_COMMAND =
  'This is no command. Write {"execute": "query-status"}, or the short form: the name and member=value, on one line.';

/** `#` comments a line out inside an object too, as toggling comments in the editor does; every offset stays. */
function withoutCommentLines(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, (line) => ' '.repeat(line.length));
}

function parseJsonForm(text: string, span: Span): CommandNode {
  const { value, problems } = parseJson(text, span);
  const root = value?.kind === 'object' ? value : undefined;
  const name = memberValue(root, 'execute') ?? memberValue(root, 'exec-oob');
  const args = memberValue(root, 'arguments');
  return {
    form: 'json',
    ...span,
    ...(name?.kind === 'string' && { name: { text: name.value, start: name.start, end: name.end } }),
    ...(args?.kind === 'object' && { arguments: args }),
    ...(root && { root }),
    problems,
  };
}
