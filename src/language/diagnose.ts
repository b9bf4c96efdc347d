import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import type { ArgumentValidator } from './argumentValidator.ts';
import { checkNumbers } from './checkNumbers.ts';
import { describeArgumentError } from './describeArgumentError.ts';
import { didYouMean } from './didYouMean.ts';
import type { Finding } from './finding.ts';
import { type CommandNode, type ObjectNode, plainValue, type QmpDocument, type Span } from './syntaxTree.ts';
import { type KnownArguments, walkArguments } from './walkArguments.ts';

/** Members of a command's object besides its arguments. */
const ENVELOPE = ['execute', 'exec-oob', 'arguments', 'id'];

export interface DiagnosisScope {
  index: SchemaIndex;
  validator: ArgumentValidator;
  versionLabel: string;
}

/** Everything found in the document, in its order. Never throws. */
export function diagnose(scope: DiagnosisScope, document: QmpDocument): Finding[] {
  const stray = document.problems.map(syntaxError);
  const findings = document.commands.flatMap((command) => checkCommand(scope, command));
  return [...stray, ...findings].sort((one, other) => one.start - other.start);
}

function checkCommand(scope: DiagnosisScope, command: CommandNode): Finding[] {
  // One missing brace is told once, not for each level that it leaves open.
  const syntax = command.problems
    .map(syntaxError)
    .filter(({ start }, at, all) => all.findIndex((other) => other.start === start) === at);
  const envelope = command.form === 'json' ? checkEnvelope(command, syntax.length > 0) : [];
  return [...syntax, ...envelope, ...checkKnown(scope, command)];
}

function checkEnvelope({ root, name, start, arguments: args }: CommandNode, isBroken: boolean): Finding[] {
  if (!root) return [];
  const findings: Finding[] = root.members
    .filter(({ key }) => !ENVELOPE.includes(key.name))
    .map(({ key }) =>
      unknown(key, `A command has no member "${key.name}".${didYouMean(key.name, ENVELOPE)}`),
    );
  const member = (wanted: string) => root.members.find(({ key }) => key.name === wanted);
  const execute = member('execute') ?? member('exec-oob');
  if (!execute && !isBroken) {
    const message = 'Which command? "execute" is missing: {"execute": "query-status"}.';
    findings.push({ start, end: start + 1, code: 'missing-member', severity: 'error', message });
  }
  if (execute?.value && !name)
    findings.push(wrong(execute.value, 'The name of a command is a text in double quotes.'));
  const given = member('arguments')?.value;
  if (given && !args) findings.push(wrong(given, 'Arguments are an object: {"member": value}.'));
  if (member('execute') && member('exec-oob')) {
    findings.push(
      unknown(root.members[0]?.key ?? root, 'Either "execute" or "exec-oob": QEMU refuses both together.'),
    );
  }
  return findings;
}

function checkKnown(scope: DiagnosisScope, command: CommandNode): Finding[] {
  const { index, versionLabel } = scope;
  const { name } = command;
  if (!name || name.text === '') return [];
  const entry = index.command(name.text);
  if (!entry) {
    const guess = didYouMean(name.text, index.commandNames);
    const message = `${versionLabel} has no command "${name.text}".${guess}`;
    return [{ start: name.start, end: name.end, code: 'unknown-command', severity: 'error', message }];
  }
  const args: ObjectNode = command.arguments ?? {
    kind: 'object',
    start: name.start,
    end: name.end,
    members: [],
  };
  const known = walkArguments(index, name.text, args);
  const numbers = checkNumbers(index, name.text, known);
  return [
    ...(entry.features?.includes('deprecated') ? [deprecated(name, name.text, versionLabel)] : []),
    ...deprecatedMembers(known, versionLabel),
    ...numbers,
    ...checkAgainstSchema(scope, command, name.text, args, known).filter(
      (finding) => !numbers.some(({ start, end }) => start === finding.start && end === finding.end),
    ),
  ];
}

function checkAgainstSchema(
  { validator, versionLabel }: DiagnosisScope,
  command: CommandNode,
  name: string,
  args: ObjectNode,
  known: KnownArguments,
): Finding[] {
  const isTyped = command.problems.length === 0;
  return validator
    .validate(name, plainValue(args))
    .flatMap(
      (error) =>
        describeArgumentError(error, {
          args,
          known,
          command: name,
          nameSpan: command.name ?? args,
          versionLabel,
        }) ?? [],
    )
    .filter(({ code }) => isTyped || code !== 'missing-member');
}

function deprecatedMembers({ members }: KnownArguments, versionLabel: string): Finding[] {
  return members
    .filter(({ member }) => member.features.includes('deprecated'))
    .map(({ node }) => deprecated(node.key, node.key.name, versionLabel));
}

function deprecated({ start, end }: Span, name: string, versionLabel: string): Finding {
  const message = `${versionLabel} marks "${name}" as deprecated: a later QEMU may not have it.`;
  return { start, end, code: 'deprecated', severity: 'hint', message };
}

function syntaxError({ start, end, message }: Span & { message: string }): Finding {
  return { start, end, message, code: 'syntax', severity: 'error' };
}

function unknown({ start, end }: Span, message: string): Finding {
  return { start, end, message, code: 'unknown-member', severity: 'error' };
}

function wrong({ start, end }: Span, message: string): Finding {
  return { start, end, message, code: 'wrong-type', severity: 'error' };
}
