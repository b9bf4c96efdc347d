import { appendFile, rm } from 'node:fs/promises';
import type { Clock } from '../shared/clock.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Logger } from '../shared/logger.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { journalLine, type Written, writtenOf } from './journalFormat.ts';
import { writeRun } from './runFile.ts';

export interface RunJournalOptions {
  /** Names the run across restarts. */
  key: string;
  journalPath: string;
  /** Where the finished record goes. */
  runPath: string;
  /** What is in the journal already. */
  written: Written;
  clock: Clock;
  logger: Logger;
}

/** A crash loses what came within this time. */
const flushIntervalMs = 500;

/** Writes a growing record to disk. Made by `RunStore`. */
export class RunJournal {
  readonly key: string;
  /** Where the finished record goes. */
  readonly runPath: string;
  /** As it was when the journal was begun or found. */
  readonly record: RunRecord;
  private readonly options: RunJournalOptions;
  private latest: RunRecord;
  private written: Written;
  private timer: Disposable | undefined;
  private writing: Promise<void> = Promise.resolve();
  private closed = false;
  private complained = false;

  constructor(record: RunRecord, options: RunJournalOptions) {
    this.record = record;
    this.options = options;
    this.key = options.key;
    this.runPath = options.runPath;
    this.latest = record;
    this.written = options.written;
  }

  /** The record has grown. */
  update(record: RunRecord): void {
    if (this.closed) return;
    this.latest = record;
    this.timer ??= this.options.clock.after(flushIntervalMs, () => {
      this.timer = undefined;
      this.append(this.latest);
    });
  }

  /** Writes the finished record in the place of the journal. Where it is: `runPath`. */
  async finish(record: RunRecord): Promise<string> {
    await this.stop(record);
    await writeRun(this.runPath, record);
    await rm(this.options.journalPath, { force: true });
    return this.runPath;
  }

  /** Writes what is still to write and leaves the journal for a later process to go on with. */
  async suspend(): Promise<void> {
    await this.stop(this.latest);
  }

  /** Ends a record that nobody can go on with. */
  async abandon(reason = 'Nobody watched its end.'): Promise<string> {
    const record = this.latest;
    record.result ??= { status: 'lost', error: reason };
    return this.finish(record);
  }

  private async stop(record: RunRecord): Promise<void> {
    this.closed = true;
    this.timer?.dispose();
    this.timer = undefined;
    this.append(record);
    await this.writing;
  }

  private append(record: RunRecord): void {
    const line = journalLine(record, this.written);
    if (line === '') return;
    this.written = writtenOf(record);
    this.writing = this.writing
      .then(() => appendFile(this.options.journalPath, line))
      .catch((error: unknown) => this.complain(error));
  }

  /** The record stays in memory: the finished one may still find room. */
  private complain(error: unknown): void {
    if (this.complained) return;
    this.complained = true;
    const message = error instanceof Error ? error.message : String(error);
    this.options.logger.error(`the journal of ${this.key} can not be written: ${message}`);
  }
}
