import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  MarkupKind,
  type Range,
} from 'vscode-languageserver-types';
import type { Member } from '../qapi/members.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';
import { formatBandwidth } from '../shared/units.ts';
import { type CursorContext, cursorContext } from './cursorContext.ts';
import { describeType, expectedValues } from './expectedType.ts';
import { argumentKnowledge, memberMarkdown } from './memberDocs.ts';
import type { ObjectNode, QmpDocument, Span } from './syntaxTree.ts';

/** Link speeds that people declare or cap, as they are named and in bytes per second. */
const LINK_SPEEDS: readonly (readonly [name: string, bytesPerSecond: number])[] = [
  ['1 Gbit/s', 125_000_000],
  ['10 Gbit/s', 1_250_000_000],
  ['25 Gbit/s', 3_125_000_000],
  ['100 Gbit/s', 12_500_000_000],
];

const TOP_LEVEL_KEYS = ['execute', 'arguments', 'id', 'exec-oob'];
const SUGGEST_AGAIN = { title: 'Suggest values', command: 'editor.action.triggerSuggest' };

export interface CompletionScope {
  index: SchemaIndex;
  document: QmpDocument;
  offset: number;
  toRange(span: Span): Range;
}

/** The names or values that may stand at the cursor. Every item carries the range that it replaces. */
export function complete(scope: CompletionScope): CompletionItem[] {
  const context = cursorContext(scope.index, scope.document, scope.offset);
  if (!context) return [];
  const insert = inserter(scope, context);
  switch (context.kind) {
    case 'command-name':
      return commandItems(scope.index, context, insert);
    case 'top-level-key':
      return keysWithout(context.root, TOP_LEVEL_KEYS).map((name) => ({
        ...insert(name, keyText(scope, context, name)),
        kind: CompletionItemKind.Keyword,
      }));
    case 'key':
      return keyItems(scope, context, insert);
    case 'value':
      return valueItems(scope.index, context, insert);
  }
}

type Insert = (label: string, newText: string) => CompletionItem;
type In<Kind extends CursorContext['kind']> = Extract<CursorContext, { kind: Kind }>;

function inserter({ toRange }: CompletionScope, { replace }: CursorContext): Insert {
  const range = toRange(replace);
  // The editor compares what is typed with the text that an item stands for, quotes included.
  return (label, newText) => ({ label, filterText: newText, textEdit: { range, newText } });
}

function commandItems(index: SchemaIndex, { form }: In<'command-name'>, insert: Insert): CompletionItem[] {
  return index.commandNames.map((name) => ({
    ...insert(name, form === 'json' ? JSON.stringify(name) : name),
    kind: CompletionItemKind.Function,
    ...tags(index.command(name)?.features),
  }));
}

function keyItems(scope: CompletionScope, context: In<'key'>, insert: Insert): CompletionItem[] {
  const { index } = scope;
  const wanted = new Set(
    keysWithout(
      context.object,
      context.members.map(({ name }) => name),
      scope.offset,
    ),
  );
  return context.members
    .filter(({ name }) => wanted.has(name))
    .map((member) => {
      const knowledge = argumentKnowledge(context.command, context.isArgument, member.name);
      return {
        ...insert(member.name, keyText(scope, context, member.name)),
        kind: CompletionItemKind.Property,
        detail: knowledge?.unit ? `integer, ${knowledge.unit}` : describeType(index, member.typeName),
        documentation: { kind: MarkupKind.Markdown, value: memberMarkdown(index, member, knowledge) },
        // Those that must be given first, then as QEMU lists them by name.
        sortText: `${member.optional ? 1 : 0}${member.name}`,
        ...(offersValues(index, member, knowledge?.unit) && { command: SUGGEST_AGAIN }),
        ...tags(member.features),
      };
    });
}

function valueItems(index: SchemaIndex, context: In<'value'>, insert: Insert): CompletionItem[] {
  const { member, typeName, form } = context;
  const knowledge = member && argumentKnowledge(context.command, context.isArgument, member.name);
  if (knowledge?.unit === 'B/s') {
    return LINK_SPEEDS.map(([name, bytesPerSecond], order) => ({
      ...insert(String(bytesPerSecond), String(bytesPerSecond)),
      kind: CompletionItemKind.Value,
      detail: `${name} = ${formatBandwidth(bytesPerSecond, 'MiB/s')}`,
      sortText: String(order),
    }));
  }
  return expectedValues(index, typeName).map(({ json, features }) => {
    const text = form === 'short' ? unquoted(json) : json;
    return { ...insert(unquoted(json), text), kind: CompletionItemKind.EnumMember, ...tags(features) };
  });
}

/** In JSON the colon comes along unless it stands there already. */
function keyText({ document }: CompletionScope, { form, replace }: CursorContext, name: string): string {
  const next = /^\s*(.)/.exec(document.text.slice(replace.end, replace.end + 80))?.[1];
  if (form === 'short') return document.text[replace.end] === '=' ? name : `${name}=`;
  return next === ':' ? JSON.stringify(name) : `${JSON.stringify(name)}: `;
}

/** The names that the object does not have yet; one that the cursor is in counts as not there. */
function keysWithout(object: ObjectNode, names: readonly string[], offset = -1): string[] {
  const present = new Set(
    object.members.filter(({ key }) => offset < key.start || key.end < offset).map(({ key }) => key.name),
  );
  return names.filter((name) => !present.has(name));
}

function offersValues(index: SchemaIndex, member: Member, unit: string | undefined): boolean {
  return unit === 'B/s' || expectedValues(index, member.typeName).length > 0;
}

/** An enum's value as the short form takes it; one that would be read as a number or the like keeps its quotes. */
function unquoted(json: string): string {
  const text = json.replace(/^"(.*)"$/, '$1');
  return json.startsWith('"') && /^(?:[-\d].*|true|false|null)$/i.test(text) ? json : text;
}

function tags(features: readonly string[] = []): Pick<CompletionItem, 'tags'> {
  return features.includes('deprecated') ? { tags: [CompletionItemTag.Deprecated] } : {};
}
