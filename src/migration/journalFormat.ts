import { parseExact, stringifyExact } from '../qmp/exactJson.ts';
import { isJsonObject, type JsonValue } from '../shared/json.ts';
import type { RunRecord } from '../shared/runRecord.ts';

/** How much of a record is in its journal. */
export interface Written {
  samples: number;
  iterations: number;
  changes: number;
}

const lists = ['samples', 'iterations', 'changes'] as const;

/** The first line: the record without what grows. */
export function journalHead(record: RunRecord): string {
  return `${stringifyExact({ ...record, samples: [], iterations: [], changes: [] })}\n`;
}

/** A line with what has come since `written`; empty when nothing has. */
export function journalLine(record: RunRecord, written: Written): string {
  const grown = lists.filter((list) => record[list].length > written[list]);
  if (grown.length === 0) return '';
  return `${stringifyExact(Object.fromEntries(grown.map((list) => [list, record[list].slice(written[list])])))}\n`;
}

export function writtenOf(record: RunRecord): Written {
  const { samples, iterations, changes } = record;
  return { samples: samples.length, iterations: iterations.length, changes: changes.length };
}

/**
 * Puts the record together again. A line that a crash cut short is left out.
 * @returns undefined when not even the first line is whole
 */
export function readJournal(text: string): JsonValue | undefined {
  const [head, ...lines] = text.split('\n').map(parseLine);
  if (!isJsonObject(head)) return undefined;
  for (const line of lines) {
    if (!isJsonObject(line)) continue;
    for (const list of lists) {
      const [items, more] = [head[list], line[list]];
      if (Array.isArray(items) && Array.isArray(more)) items.push(...more);
    }
  }
  return head;
}

function parseLine(line: string): JsonValue | undefined {
  try {
    return line === '' ? undefined : parseExact(line);
  } catch {
    return undefined; // cut short by the crash that left the journal
  }
}
