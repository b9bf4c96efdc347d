import * as vscode from 'vscode';
import { type Disposable, DisposableList } from '../../shared/disposable.ts';
import type { UseSchemaParams } from '../../shared/languageProtocol.ts';
import type { RunningClient } from './runningClient.ts';

/** The id of the language in package.json. */
export const QMP_LANGUAGE = 'qmp';

/** Help with .qmp documents, whose process runs only once there is one. */
export interface LanguageClientHandle extends Disposable {
  /**
   * From now on completion, hover and diagnostics go by the schema of this VM; may be called before any document is
   * open. `replyText` is QEMU's reply to query-qmp-schema, with or without its `{"return": …}`.
   * @throws when the text is no such reply, saying so
   */
  useSchema(versionLabel: string, replyText: string): Promise<void>;
  /** Ends the server and waits until it is gone. */
  close(): Promise<void>;
}

/** Returns at once where no .qmp document is open, and starts the server when the first one is opened. */
export async function startLanguageClient(context: vscode.ExtensionContext): Promise<LanguageClientHandle> {
  const client = new LazyLanguageClient(context);
  context.subscriptions.push(client);
  for (const document of vscode.workspace.textDocuments) client.startFor(document);
  return client;
}

class LazyLanguageClient implements LanguageClientHandle {
  private readonly context: vscode.ExtensionContext;
  private readonly subscriptions = new DisposableList();
  private running: Promise<RunningClient> | undefined;
  private schema: UseSchemaParams | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.subscriptions.add(vscode.workspace.onDidOpenTextDocument((document) => this.startFor(document)));
  }

  async useSchema(versionLabel: string, replyText: string): Promise<void> {
    this.schema = { versionLabel, replyText };
    const client = await this.running;
    await client?.useSchema(this.schema);
  }

  dispose(): void {
    this.close().catch(() => undefined); // the server's process ends with ours
  }

  async close(): Promise<void> {
    this.subscriptions.dispose();
    const running = this.running;
    this.running = undefined;
    const client = await running?.catch(() => undefined);
    await client?.stop();
  }

  startFor(document: vscode.TextDocument): void {
    if (!isQmp(document)) return;
    this.start().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(
        `QMP: no help with .qmp files: the language server did not start: ${reason}`,
      );
    });
  }

  private start(): Promise<RunningClient> {
    this.running ??= this.load().catch((error: unknown) => {
      // The next document is another chance.
      this.running = undefined;
      throw error;
    });
    return this.running;
  }

  private async load(): Promise<RunningClient> {
    // The client library is large: windows without a .qmp document never load it.
    const { RunningClient } = await import('./runningClient.ts');
    return RunningClient.start(this.context.asAbsolutePath('dist/server.cjs'), () => this.schema);
  }
}

function isQmp(document: vscode.TextDocument): boolean {
  return document.languageId === QMP_LANGUAGE;
}
