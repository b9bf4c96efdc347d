import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { formatBandwidth, formatBytes, formatDuration, formatInteger } from '../shared/units.ts';
import { type CursorContext, cursorContext } from './cursorContext.ts';
import { argumentKnowledge, commandMarkdown, memberMarkdown } from './memberDocs.ts';
import { memberValue, type ObjectNode, type QmpDocument, type Span } from './syntaxTree.ts';

const DEFAULT_DOWNTIME_LIMIT_MS = 300n;
const INTEGER = /^-?\d{1,20}$/;

export interface HoverText {
  markdown: string;
  span: Span;
}

/** What there is to say about the name or the number at `offset`. */
export function hover(
  index: SchemaIndex,
  versionLabel: string,
  document: QmpDocument,
  offset: number,
): HoverText | undefined {
  const context = cursorContext(index, document, offset);
  const markdown = context && textFor(index, versionLabel, document, context, offset);
  return markdown === undefined
    ? undefined
    : { markdown, span: context?.replace ?? { start: offset, end: offset } };
}

function textFor(
  index: SchemaIndex,
  versionLabel: string,
  document: QmpDocument,
  context: CursorContext,
  offset: number,
): string | undefined {
  switch (context.kind) {
    case 'command-name':
      return context.command?.name && commandMarkdown(index, context.command.name.text, versionLabel);
    case 'top-level-key':
      return TOP_LEVEL[keyAt(context.root, offset) ?? ''];
    case 'key': {
      const name = keyAt(context.object, offset);
      const member = context.members.find((one) => one.name === name);
      if (!member) return undefined;
      return memberMarkdown(
        index,
        member,
        argumentKnowledge(context.command, context.isArgument, member.name),
      );
    }
    case 'value': {
      if (!context.member) return undefined;
      const knowledge = argumentKnowledge(context.command, context.isArgument, context.member.name);
      const about = memberMarkdown(index, context.member, knowledge);
      const text = document.text.slice(context.replace.start, context.replace.end);
      if (!knowledge?.unit || !INTEGER.test(text)) return about;
      const number = numberText(context.member.name, BigInt(text), knowledge.unit, context.arguments);
      return `${number}\n\n${about}`;
    }
  }
}

const TOP_LEVEL: Readonly<Record<string, string>> = {
  execute: 'The command to run.',
  'exec-oob': 'The command to run out of band, before those that wait. Only few commands may.',
  arguments: "The command's arguments by name.",
  id: 'Anything; QEMU sends it back with the reply.',
};

function keyAt(object: ObjectNode, offset: number): string | undefined {
  return object.members.find(({ key }) => key.start <= offset && offset <= key.end)?.key.name;
}

/** The number in the units that people think in, and for the declared bandwidth the threshold that it makes. */
function numberText(name: string, value: bigint, unit: string, args: ObjectNode): string {
  if (value < 0n) return `${value} ${unit}`;
  const lines = [`**${formatInteger(value)} ${unit}**${conversion(value, unit)}`];
  if (name === 'avail-switchover-bandwidth' && value > 0n) {
    const { limit, source } = downtimeLimit(args);
    // As QEMU computes it: whole bytes per millisecond.
    const threshold = (value / 1000n) * limit;
    lines.push(
      `Switches over when less than ${formatInteger(threshold)} bytes (${formatBytes(threshold)}) are left: ` +
        `${formatInteger(value / 1000n)} bytes/ms × ${limit} ms ${source}.`,
    );
  }
  return lines.join('\n\n');
}

function conversion(value: bigint, unit: string): string {
  if (unit === 'B/s') return ` = ${formatBandwidth(value, 'MiB/s')} = ${formatBandwidth(value, 'Mbit/s')}`;
  if (unit === 'B' && value >= 1024n) return ` = ${formatBytes(value)}`;
  return unit === 'ms' && value >= 1000n ? ` = ${formatDuration(Number(value))}` : '';
}

function downtimeLimit(args: ObjectNode): { limit: bigint; source: string } {
  const node = memberValue(args, 'downtime-limit');
  if (node?.kind === 'number' && INTEGER.test(node.text) && !node.text.startsWith('-')) {
    return { limit: BigInt(node.text), source: 'of downtime-limit' };
  }
  return { limit: DEFAULT_DOWNTIME_LIMIT_MS, source: "of QEMU's default downtime-limit" };
}
