import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { ROOT } from '../../../scripts/paths.ts';
import { until } from '../../../scripts/process/until.ts';
import type { WorkbenchServer } from '../../../scripts/workbench/server.ts';
import { readJournal } from '../../../src/migration/journalFormat.ts';
import { readRun } from '../../../src/migration/runFile.ts';
import { RunValidator } from '../../../src/migration/validateRun.ts';
import type { RunRecord } from '../../../src/shared/runRecord.ts';

/** The records that the extension keeps in a workbench. */
export class RecordsOnDisk {
  readonly directory: string;

  constructor(server: WorkbenchServer) {
    const storage = path.join(server.dataDirectory, 'data', 'User', 'globalStorage');
    this.directory = path.join(storage, 'vscode-qmp.vscode-qmp', 'runs');
  }

  /** Names of the finished records, oldest first. */
  async finished(): Promise<string[]> {
    return (await this.names()).filter((name) => name.endsWith('.run.json'));
  }

  /** Names of the journals of runs that have not ended. */
  async journals(): Promise<string[]> {
    return (await this.names()).filter((name) => name.endsWith('.journal'));
  }

  /** What a journal holds at this moment. */
  async readJournal(name: string): Promise<RunRecord> {
    return new RunValidator().check(readJournal(await readFile(this.path(name), 'utf8')) ?? null);
  }

  path(name: string): string {
    return path.join(this.directory, name);
  }

  /** Waits for a finished record that is none of `known`. */
  async awaitNew(
    known: readonly string[],
    deadlineMs?: number,
  ): Promise<{ name: string; record: RunRecord }> {
    const name = await until(
      'a new finished record',
      async () => (await this.finished()).find((candidate) => !known.includes(candidate)),
      deadlineMs,
    );
    return { name, record: await readRun(this.path(name)) };
  }

  /** What the JSON Schema of the format has against the file; empty when it is valid. */
  async complaintsAbout(name: string): Promise<unknown[]> {
    const validate = await compiledSchema();
    validate(JSON.parse(await readFile(this.path(name), 'utf8')));
    return validate.errors ?? [];
  }

  private async names(): Promise<string[]> {
    const names = await readdir(this.directory).catch(() => []);
    return names.sort();
  }
}

async function compiledSchema(): Promise<ValidateFunction> {
  const schema: unknown = JSON.parse(await readFile(path.join(ROOT, 'media/run.schema.json'), 'utf8'));
  return new Ajv2020({ allowUnionTypes: true }).compile(schema as object);
}
