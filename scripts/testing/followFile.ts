import { readFileSync } from 'node:fs';

const PERIOD_MS = 150;

/** Hands on what another process appends to a file, until the returned function is called; that hands on the rest. */
export function followFile(file: string, onText: (text: string) => void): () => void {
  let shown = 0;
  const showNew = () => {
    const content = readIfThere(file);
    if (content.length > shown) onText(content.toString('utf8', shown));
    shown = content.length;
  };
  const timer = setInterval(showNew, PERIOD_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    showNew();
  };
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
