import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type CompletionItem, MarkupContent, type Position } from 'vscode-languageserver-types';
import { getLanguageService, type LanguageService } from '../../../../src/language/languageService.ts';
import { bundledSchema } from '../../../../src/qapi/bundledSchema.ts';

/** The language service by the schema that comes with the extension. */
export function bundledService(): LanguageService {
  return getLanguageService({ schema: bundledSchema() });
}

/** A document in which `|` marks the cursor. */
export class MarkedDocument {
  readonly document: TextDocument;
  readonly position: Position;
  private readonly service: LanguageService;

  constructor(service: LanguageService, marked: string) {
    const offset = marked.indexOf('|');
    assert.ok(offset >= 0, `no cursor in ${marked}`);
    this.service = service;
    this.document = TextDocument.create(
      'file:///t.qmp',
      'qmp',
      1,
      marked.slice(0, offset) + marked.slice(offset + 1),
    );
    this.position = this.document.positionAt(offset);
  }

  complete(): CompletionItem[] {
    const parsed = this.service.parse(this.document);
    return this.service.complete(this.document, parsed, this.position);
  }

  labels(): string[] {
    return this.complete().map(({ label }) => label);
  }

  /** The text after accepting the item of this label. */
  accept(label: string): string {
    const items = this.complete();
    const item = items.find((one) => one.label === label);
    const labels = items.map((one) => one.label).slice(0, 20);
    assert.ok(item?.textEdit, `${label} is not offered, but ${labels.join(', ') || 'nothing'}`);
    assert.ok('range' in item.textEdit, 'the range to replace is given');
    return TextDocument.applyEdits(this.document, [item.textEdit]);
  }

  hover(): string | undefined {
    const hover = this.service.hover(this.document, this.service.parse(this.document), this.position);
    if (!hover) return undefined;
    assert.ok(MarkupContent.is(hover.contents), 'in Markdown');
    return hover.contents.value;
  }
}

/** What is found in `text`, each as "CODE at TEXT: message". */
export function findings(service: LanguageService, text: string): string[] {
  const document = TextDocument.create('file:///t.qmp', 'qmp', 1, text);
  return service
    .diagnose(document, service.parse(document))
    .map(({ code, range, message }) => `${code} at ${document.getText(range)}: ${message}`);
}

/** Asserts that exactly one thing is found, and that it matches. */
export function assertFinding(service: LanguageService, text: string, pattern: RegExp): void {
  const found = findings(service, text);
  assert.equal(found.length, 1, `${text}\n${found.join('\n') || 'nothing found'}`);
  assert.match(found[0] ?? '', pattern);
}
