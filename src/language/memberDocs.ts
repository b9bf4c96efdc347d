import type { Member } from '../qapi/members.ts';
import { type ParameterKnowledge, parameterKnowledge } from '../qapi/parameterKnowledge.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { formatInteger } from '../shared/units.ts';
import { describeType, expectedArguments } from './expectedType.ts';

/** The command whose arguments the table of parameters is about. */
const SET_PARAMETERS = 'migrate-set-parameters';

const SHOWN_ARGUMENTS = 12;
const SHOWN_TYPE_LENGTH = 120;

/** What is known of the argument `name` of `command` beyond its type. */
export function argumentKnowledge(
  command: string,
  isArgument: boolean,
  name: string,
): ParameterKnowledge | undefined {
  return command === SET_PARAMETERS && isArgument ? parameterKnowledge(name) : undefined;
}

/** Markdown about a member: its type, and what the parameter means, its range, default and age. */
export function memberMarkdown(index: SchemaIndex, member: Member, knowledge?: ParameterKnowledge): string {
  const lines = [`\`${member.name}\`: ${typeText(index, member)}`];
  if (knowledge) lines.push(knowledge.meaning, facts(knowledge));
  lines.push(...featureSentences(member.features));
  return lines.join('\n\n');
}

/** Markdown about a command: its arguments and its features. */
export function commandMarkdown(index: SchemaIndex, name: string, versionLabel: string): string | undefined {
  const command = index.command(name);
  if (!command) return undefined;
  const members = expectedArguments(index, name, undefined) ?? [];
  const list = members
    .slice(0, SHOWN_ARGUMENTS)
    .map((member) => `- \`${member.name}\`: ${typeText(index, member)}`);
  if (members.length > SHOWN_ARGUMENTS) list.push(`- … ${members.length - SHOWN_ARGUMENTS} more`);
  const title = `\`${name}\` in ${versionLabel}${members.length === 0 ? ' takes no arguments.' : ''}`;
  const parts = [title, ...(list.length > 0 ? [list.join('\n')] : []), ...featureSentences(command.features)];
  if (command['allow-oob']) parts.push('May run out of band: `{"exec-oob": …}`.');
  return parts.join('\n\n');
}

function typeText(index: SchemaIndex, member: Member): string {
  const type = describeType(index, member.typeName);
  const shown = type.length > SHOWN_TYPE_LENGTH ? `${type.slice(0, SHOWN_TYPE_LENGTH)}…` : type;
  return `${shown}${member.optional ? ', optional' : ''}`;
}

function facts({ unit, minimum, maximum, defaultValue, zeroMeans, since }: ParameterKnowledge): string {
  const unitText = unit ? ` ${unit}` : '';
  const parts: string[] = [];
  if (minimum !== undefined && maximum !== undefined) {
    parts.push(`Range ${formatInteger(minimum)} to ${formatInteger(maximum)}${unitText}`);
  }
  if (zeroMeans) parts.push(`0 = ${zeroMeans}`);
  if (defaultValue !== undefined && defaultValue !== '') {
    const isInteger = typeof defaultValue === 'number' || typeof defaultValue === 'bigint';
    parts.push(`default ${isInteger ? formatInteger(defaultValue) + unitText : defaultValue}`);
  }
  parts.push(`since QEMU ${since}`);
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function featureSentences(features: readonly string[] = []): string[] {
  const sentences: string[] = [];
  if (features.includes('deprecated')) sentences.push('**Deprecated**: a later QEMU may not have it.');
  if (features.includes('unstable')) sentences.push('**Unstable**: may change with any version of QEMU.');
  return sentences;
}
