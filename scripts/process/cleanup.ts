import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errors.ts';

type Undo = () => unknown;

const STEP_DEADLINE_MS = 15_000;

/**
 * What has to be undone before the program may end, last first. A step that fails or hangs keeps no other from
 * running; what is added after the end is undone at once.
 */
export class Cleanup {
  private steps: { name: string; undo: Undo }[] = [];
  private running: Promise<string[]> | undefined;

  /**
   * Adds a step; `name` appears in the report when it fails.
   * @returns takes the step back, for when there is nothing left to undo.
   */
  add(name: string, undo: Undo): () => void {
    const step = { name, undo };
    this.steps.push(step);
    const { running } = this;
    if (running) this.running = running.then(async (failed) => [...failed, ...(await this.undoAll())]);
    return () => {
      this.steps = this.steps.filter((other) => other !== step);
    };
  }

  /** Makes an empty private directory that is gone after the end. */
  async makeTemporaryDirectory(prefix: string): Promise<string> {
    const directory = await mkdtemp(path.join(os.tmpdir(), prefix));
    this.add(`remove ${directory}`, () => removeTree(directory));
    return directory;
  }

  /** Undoes everything. Returns what could not be undone. May be called again. */
  async run(): Promise<string[]> {
    this.running ??= this.undoAll();
    let seen: Promise<string[]> | undefined;
    let failed: string[] = [];
    while (seen !== this.running) {
      seen = this.running;
      failed = await seen;
    }
    return failed;
  }

  private async undoAll(): Promise<string[]> {
    const failed: string[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await withDeadline(step.undo);
      } catch (error) {
        failed.push(`${step.name}: ${messageOf(error)}`);
      }
    }
    return failed;
  }
}

/** Removes a directory in which a dying process may still be writing. */
export async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function withDeadline(undo: Undo): Promise<void> {
  const timer = new AbortController();
  const late = delay(STEP_DEADLINE_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`not done within ${STEP_DEADLINE_MS / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    await Promise.race([undo(), late]);
  } finally {
    timer.abort();
  }
}
