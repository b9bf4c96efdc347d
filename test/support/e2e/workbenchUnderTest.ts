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
  readonly workbench: Workbench;
  /** The view "Migrations". */
  readonly tree: TreeView;
  /** Where the extension puts temporary files. In the environment of everything that it starts, as TMPDIR. */
  readonly temporaryDirectory: string;
  private readonly cleanup: Cleanup;

  private constructor(parts: {
    server: WorkbenchServer;
    workbench: Workbench;
    temporaryDirectory: string;
    cleanup: Cleanup;
  }) {
    this.server = parts.server;
    this.workbench = parts.workbench;
    this.temporaryDirectory = parts.temporaryDirectory;
    this.cleanup = parts.cleanup;
    this.tree = parts.workbench.treeView('Migrations');
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
      const workbench = await Workbench.open(await launchBrowser(cleanup), server, cleanup, options);
      return new WorkbenchUnderTest({ server, workbench, temporaryDirectory, cleanup });
    } catch (error) {
      await cleanup.run();
      throw error;
    }
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
