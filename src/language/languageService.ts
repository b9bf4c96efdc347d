import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type CompletionItem,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Hover,
  MarkupKind,
  type Position,
  type Range,
} from 'vscode-languageserver-types';
import { SchemaIndex } from '../qapi/schemaIndex.ts';
import { ArgumentValidator } from './argumentValidator.ts';
import { complete } from './complete.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';
import { hover } from './hover.ts';
import { parseDocument } from './parseDocument.ts';
import type { QmpDocument, Span } from './syntaxTree.ts';

export interface LanguageServiceOptions {
  schema: {
    /** In words for the user: "QEMU 10.0.2". */
    versionLabel: string;
    /** The reply to query-qmp-schema, with or without its `{"return": …}`. */
    replyText: string;
  };
}

/** Helps with .qmp documents by the schema of one QEMU. Nothing here throws, reads files or keeps documents. */
export interface LanguageService {
  readonly versionLabel: string;
  readonly commandCount: number;
  /** Parse once per version of a document and hand the result to the rest. */
  parse(document: TextDocument): QmpDocument;
  complete(document: TextDocument, parsed: QmpDocument, position: Position): CompletionItem[];
  hover(document: TextDocument, parsed: QmpDocument, position: Position): Hover | undefined;
  diagnose(document: TextDocument, parsed: QmpDocument): Diagnostic[];
}

/** @throws SchemaError when `schema.replyText` is not a reply to query-qmp-schema */
export function getLanguageService({ schema }: LanguageServiceOptions): LanguageService {
  const { versionLabel } = schema;
  const index = SchemaIndex.fromReply(schema.replyText);
  const scope = { index, versionLabel, validator: new ArgumentValidator(index) };
  return {
    versionLabel,
    commandCount: index.commandNames.length,
    parse: (document) => parseDocument(document.getText()),
    complete: (document, parsed, position) =>
      complete({
        index,
        document: parsed,
        offset: document.offsetAt(position),
        toRange: (span) => rangeOf(document, span),
      }),
    hover(document, parsed, position) {
      const found = hover(index, versionLabel, parsed, document.offsetAt(position));
      if (!found) return undefined;
      const contents = { kind: MarkupKind.Markdown, value: found.markdown };
      return { contents, range: rangeOf(document, found.span) };
    },
    diagnose: (document, parsed) =>
      diagnose(scope, parsed).map((finding) => toDiagnostic(rangeOf(document, finding), finding)),
  };
}

function toDiagnostic(range: Range, { code, severity, message }: Finding): Diagnostic {
  return {
    range,
    message,
    code,
    severity: SEVERITIES[severity],
    source: 'qmp',
    ...(code === 'deprecated' && { tags: [DiagnosticTag.Deprecated] }),
  };
}

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const;

function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
