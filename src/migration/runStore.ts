import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pid } from 'node:process';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { MigrationError } from './errors.ts';
import { journalHead, readJournal, type Written, writtenOf } from './journalFormat.ts';
import { LazyRunValidator, readRun, runFileSuffix } from './runFile.ts';
import { RunJournal } from './runJournal.ts';
import { runName } from './runName.ts';

export interface RunStoreOptions {
  /** Made when it does not exist. */
  directory: string;
  clock: Clock;
  logger: Logger;
}

/** `<key>.<pid>-<session>.journal`: the name says who writes it, so that taking it over is one rename. */
const journalName = /^(?<key>.+)\.(?<pid>\d+)-(?<session>[0-9a-f-]{36})\.journal$/;
/** A journal grows twice a second: one that has not for so long is not written any more, whoever has its pid now. */
const abandonedMs = 60_000;

/** The directory of run records: journals while migrations run, `<startedAt>-<vm>.run.json` afterwards. */
export class RunStore {
  readonly directory: string;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly session = randomUUID();
  private readonly validator = new LazyRunValidator();

  constructor(options: RunStoreOptions) {
    this.directory = options.directory;
    this.clock = options.clock;
    this.logger = options.logger;
  }

  /** Begins to write a record down. */
  async begin(record: RunRecord): Promise<RunJournal> {
    await mkdir(this.directory, { recursive: true });
    const key = await this.freeKey(runName(record));
    const journal = this.journal(key, record, { samples: 0, iterations: 0, changes: 0 });
    await writeFile(this.journalPath(key), journalHead(record), { flag: 'wx' });
    journal.update(record);
    return journal;
  }

  /** Takes over the journals of processes that are gone: go on with them, or `abandon` them. */
  async unfinished(): Promise<RunJournal[]> {
    const found: RunJournal[] = [];
    for (const name of await this.names()) {
      const parts = journalName.exec(name)?.groups;
      if (!parts || (await this.isWritten(name, Number(parts['pid']), parts['session'] ?? ''))) continue;
      const journal = await this.takeOver(name, parts['key'] ?? '');
      if (journal) found.push(journal);
    }
    return found;
  }

  /** Whether the run has a journal, whoever writes it. */
  async isUnfinished(key: string): Promise<boolean> {
    return (await this.names()).some((name) => journalName.exec(name)?.groups?.['key'] === key);
  }

  /** Paths of the finished records, the latest first. */
  async list(): Promise<string[]> {
    const names = (await this.names()).filter((name) => name.endsWith(runFileSuffix));
    return names
      .sort()
      .reverse()
      .map((name) => join(this.directory, name));
  }

  /** Where the finished record of `key` is, or will be. */
  pathOf(key: string): string {
    if (basename(key) !== key || key === '') throw new MigrationError(`"${key}" does not name a run.`);
    return join(this.directory, `${key}${runFileSuffix}`);
  }

  /**
   * Reads a record from anywhere on disk.
   * @throws MigrationError when it is not one, is damaged, or of a later version
   */
  open(path: string): Promise<RunRecord> {
    return readRun(path, this.validator);
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.directory);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }

  private async freeKey(wanted: string): Promise<string> {
    const names = await this.names();
    const taken = (key: string): boolean => names.some((name) => name.startsWith(`${key}.`));
    let key = wanted;
    for (let number = 2; taken(key); number++) key = `${wanted}-${number}`;
    return key;
  }

  private async isWritten(name: string, owner: number, session: string): Promise<boolean> {
    if (owner === pid) return session === this.session;
    try {
      process.kill(owner, 0);
    } catch (error) {
      // EPERM: it lives, under another user.
      if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
    }
    try {
      const { mtimeMs } = await stat(join(this.directory, name));
      return this.clock.now() - mtimeMs < abandonedMs;
    } catch (error) {
      // Its window has finished it just now: there is nothing to take over.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
      throw error;
    }
  }

  /** @returns undefined when another process was faster, or nothing in it can be read */
  private async takeOver(name: string, key: string): Promise<RunJournal | undefined> {
    const from = join(this.directory, name);
    const path = this.journalPath(key);
    try {
      await rename(from, path);
      const value = readJournal(await readFile(path, 'utf8'));
      if (value === undefined) throw new SyntaxError('its first line is damaged');
      const record = (await this.validator.load()).check(value);
      // Ends a line that was cut short, so that the next one is whole.
      await appendFile(path, '\n');
      return this.journal(key, record, writtenOf(record));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.logger.warn(`the journal ${from} is left alone: ${message}`);
      await rename(path, `${from}.damaged`).catch(() => {}); // not ours to move: another process has it
      return undefined;
    }
  }

  private journalPath(key: string): string {
    return join(this.directory, `${key}.${pid}-${this.session}.journal`);
  }

  private journal(key: string, record: RunRecord, written: Written): RunJournal {
    return new RunJournal(record, {
      key,
      journalPath: this.journalPath(key),
      runPath: this.pathOf(key),
      written,
      clock: this.clock,
      logger: this.logger,
    });
  }
}
