import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import {
  USE_SCHEMA_REQUEST,
  type UseSchemaParams,
  type UseSchemaResult,
} from '../../shared/languageProtocol.ts';

const SHOW_LOG = 'Show Log';
const RESTART = 'Restart';

/** The language server's process and the editor's connection to it. */
export class RunningClient {
  private readonly client: LanguageClient;
  private readonly currentSchema: () => UseSchemaParams | undefined;
  private crashes = 0;

  private constructor(modulePath: string, currentSchema: () => UseSchemaParams | undefined) {
    this.currentSchema = currentSchema;
    const run = { module: modulePath, transport: TransportKind.ipc };
    this.client = new LanguageClient(
      'qmp',
      'QMP Language Server',
      { run, debug: run },
      {
        documentSelector: [{ language: 'qmp' }],
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue }),
          closed: () => this.crashed(),
        },
      },
    );
  }

  /** @throws when the server's process does not come up */
  static async start(
    modulePath: string,
    currentSchema: () => UseSchemaParams | undefined,
  ): Promise<RunningClient> {
    const running = new RunningClient(modulePath, currentSchema);
    // A new process knows nothing of the schema that the one before it went by.
    running.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) running.sendCurrentSchema();
    });
    await running.client.start();
    return running;
  }

  async useSchema(schema: UseSchemaParams): Promise<void> {
    await this.client.sendRequest<UseSchemaResult>(USE_SCHEMA_REQUEST, schema);
  }

  async stop(): Promise<void> {
    if (this.client.needsStop()) await this.client.stop();
    await this.client.dispose();
  }

  private sendCurrentSchema(): void {
    const schema = this.currentSchema();
    if (!schema) return;
    this.useSchema(schema).catch((error: unknown) =>
      this.client.error('The schema was not taken.', error, false),
    );
  }

  private crashed(): CloseHandlerResult {
    this.crashes += 1;
    if (this.crashes === 1) return { action: CloseAction.Restart, handled: true };
    this.offerRestart().catch((error: unknown) =>
      this.client.error('The language server did not start again.', error),
    );
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private async offerRestart(): Promise<void> {
    const message = 'QMP: the language server ended twice; .qmp files get no help until it is restarted.';
    const choice = await vscode.window.showErrorMessage(message, SHOW_LOG, RESTART);
    if (choice === SHOW_LOG) this.client.outputChannel.show();
    if (choice === RESTART) await this.client.start();
  }
}
