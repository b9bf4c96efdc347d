import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VSIX } from '../../../scripts/paths.ts';
import { Cleanup } from '../../../scripts/process/cleanup.ts';
import { launchBrowser } from '../../../scripts/workbench/browser.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../../../scripts/workbench/server.ts';
import type { WorkbenchSettings } from '../../../scripts/workbench/settings.ts';
import type { TreeView } from '../../../scripts/workbench/treeView.ts';
import { Workbench, type WorkbenchOptions } from '../../../scripts/workbench/workbench.ts';

export interface WorkbenchUnderTestOptions extends WorkbenchOptions {
  /** Of the user. */
  readonly settings?: WorkbenchSettings;
  /** Of the opened folder: what somebody else's repository may bring along. */
  readonly folderSettings?: WorkbenchSettings;
}

/** A VS Code with the packaged extension, a fresh profile and a directory for temporary files of its own. */
export class WorkbenchUnderTest implements AsyncDisposable {
  readonly server: WorkbenchServer;
  /** Where the extension puts temporary files. In the environment of everything that it starts, as TMPDIR. */
  readonly temporaryDirectory: string;
  private readonly openWindow: () => Promise<Workbench>;
  private readonly cleanup: Cleanup;
  private window: Workbench;

  private constructor(parts: {
    server: WorkbenchServer;
    temporaryDirectory: string;
    openWindow: () => Promise<Workbench>;
    window: Workbench;
    cleanup: Cleanup;
  }) {
    this.server = parts.server;
    this.temporaryDirectory = parts.temporaryDirectory;
    this.openWindow = parts.openWindow;
    this.window = parts.window;
    this.cleanup = parts.cleanup;
  }

  static async start(options: WorkbenchUnderTestOptions = {}): Promise<WorkbenchUnderTest> {
    const cleanup = new Cleanup();
    try {
      const temporaryDirectory = await cleanup.makeTemporaryDirectory('qmp-e2e-');
      const server = await startWorkbenchServer(
        { vsix: VSIX, settings: options.settings ?? {}, env: { TMPDIR: temporaryDirectory } },
        cleanup,
      );
      if (options.folderSettings) await writeFolderSettings(server.folder, options.folderSettings);
      const browser = await launchBrowser(cleanup);
      const openWindow = () => Workbench.open(browser, server, cleanup, options);
      const window = await openWindow();
      return new WorkbenchUnderTest({ server, temporaryDirectory, openWindow, window, cleanup });
    } catch (error) {
      await cleanup.run();
      throw error;
    }
  }

  get workbench(): Workbench {
    return this.window;
  }

  /** The view "Migrations". */
  get tree(): TreeView {
    return this.window.treeView('Migrations');
  }

  /** Closes the window as a person does, and opens another. */
  async renewWindow(): Promise<void> {
    const { page } = this.window;
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    await this.window.close();
    this.window = await this.openWindow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await this.cleanup.run();
    if (left.length > 0) throw new Error(`The workbench could not be cleaned up: ${left.join('; ')}`);
  }
}

async function writeFolderSettings(folder: string, settings: WorkbenchSettings): Promise<void> {
  const directory = path.join(folder, '.vscode');
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'settings.json'), JSON.stringify(settings));
}
