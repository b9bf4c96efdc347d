import {
  type Connection,
  DiagnosticRefreshRequest,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node.js';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService, type LanguageService } from '../language/languageService.ts';
import type { QmpDocument } from '../language/syntaxTree.ts';
import { bundledSchema } from '../qapi/bundledSchema.ts';
import {
  USE_SCHEMA_REQUEST,
  type UseSchemaParams,
  type UseSchemaResult,
} from '../shared/languageProtocol.ts';

/** Commands that were run in a notebook or console are past: nothing in them is to be corrected. */
const PAST_COMMANDS = 'vscode-notebook-cell:';

/** Serves the language over `connection` until that ends; by the bundled schema until another is handed over. */
export function serve(connection: Connection): void {
  const server = new LanguageServer(connection);
  server.listen();
}

class LanguageServer {
  private readonly connection: Connection;
  private readonly documents = new TextDocuments(TextDocument);
  private readonly parsed = new Map<string, { version: number; result: QmpDocument }>();
  private service: LanguageService | undefined;
  private replyText: string | undefined;
  private canRefresh = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  listen(): void {
    const { connection, documents } = this;
    connection.onInitialize(({ capabilities }) => {
      this.canRefresh = capabilities.workspace?.diagnostics?.refreshSupport ?? false;
      return INITIALIZED;
    });
    documents.onDidClose(({ document }) => this.parsed.delete(document.uri));
    connection.onCompletion(({ textDocument, position }) =>
      this.withDocument(textDocument.uri, (service, document) =>
        service.complete(document, this.parse(service, document), position),
      ),
    );
    connection.onHover(({ textDocument, position }) =>
      this.withDocument(textDocument.uri, (service, document) =>
        service.hover(document, this.parse(service, document), position),
      ),
    );
    connection.languages.diagnostics.on(({ textDocument: { uri } }) => ({
      kind: DocumentDiagnosticReportKind.Full,
      items: uri.startsWith(PAST_COMMANDS)
        ? []
        : (this.withDocument(uri, (service, document) =>
            service.diagnose(document, this.parse(service, document)),
          ) ?? []),
    }));
    connection.onRequest(USE_SCHEMA_REQUEST, (params: UseSchemaParams) => this.useSchema(params));
    documents.listen(connection);
    connection.listen();
  }

  private useSchema(schema: UseSchemaParams): UseSchemaResult | ResponseError<void> {
    // Reconnecting to the same QEMU is common: what is compiled for it stays.
    const isSame = this.replyText === schema.replyText && this.service?.versionLabel === schema.versionLabel;
    if (this.service && isSame) return { commandCount: this.service.commandCount };
    try {
      this.service = getLanguageService({ schema });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return new ResponseError(ErrorCodes.InvalidParams, `${schema.versionLabel}: ${message}`);
    }
    this.replyText = schema.replyText;
    if (this.canRefresh) {
      // A client that is closing does not answer any more; one that stays asks again with the next edit anyway.
      this.connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
    }
    return { commandCount: this.service.commandCount };
  }

  private withDocument<T>(
    uri: string,
    answer: (service: LanguageService, document: TextDocument) => T | undefined,
  ): T | null {
    const document = this.documents.get(uri);
    if (!document) return null;
    this.service ??= getLanguageService({ schema: bundledSchema() });
    return answer(this.service, document) ?? null;
  }

  private parse(service: LanguageService, document: TextDocument): QmpDocument {
    const known = this.parsed.get(document.uri);
    if (known?.version === document.version) return known.result;
    const result = service.parse(document);
    this.parsed.set(document.uri, { version: document.version, result });
    return result;
  }
}

const INITIALIZED: InitializeResult = {
  serverInfo: { name: 'QMP language server' },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: ['"', ':', ' ', '='] },
    hoverProvider: true,
    diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false },
  },
};
