import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withDeadline } from './withDeadline.ts';

/** Resolves when no more than `bytes` of buffers are in use; collects garbage, which gives them back a little later. */
export async function buffersShrinkTo(bytes: number): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const abort = new AbortController();
  const wait = async (): Promise<void> => {
    for (gc(); process.memoryUsage().arrayBuffers > bytes; gc()) {
      await setTimeout(20, undefined, { signal: abort.signal });
    }
  };
  try {
    await withDeadline(wait(), `buffers of at most ${bytes} bytes`);
  } finally {
    abort.abort();
  }
}
