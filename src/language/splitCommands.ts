import { createScanner } from 'jsonc-parser';
import type { Span } from './syntaxTree.ts';

export interface Segment extends Span {
  kind: 'json' | 'short' | 'junk';
}

/** A line that starts a command of its own even where the one before it still has open braces. */
const STARTS_SHORT = /^(?!(?:true|false|null)\b)[A-Za-z_][\w-]*(?=\s|$)/;
const STARTS_JSON = /^[ \t]*\{\s*"(?:execute|exec-oob)"/;

/**
 * Cuts a document into commands. A brace that is never closed ends at the next line that can only be the start of
 * another command, so that a half-typed command leaves the ones after it alone.
 */
export function splitCommands(text: string): Segment[] {
  const starts = lineStartsOfCommands(text);
  const segments: Segment[] = [];
  let next = 0;
  let at = 0;
  while (at < text.length) {
    at = skipBlanksAndComments(text, at);
    if (at >= text.length) break;
    while (next < starts.length && (starts[next] ?? 0) <= at) next++;
    const segment = segmentAt(text, at, starts[next] ?? text.length);
    segments.push(segment);
    at = segment.end;
  }
  return segments;
}

/** @param limit where the next line begins that can only be the start of another command */
function segmentAt(text: string, start: number, limit: number): Segment {
  if (text[start] === '{') return { kind: 'json', start, end: endOfJson(text, start, limit) };
  const line = text.slice(start, lineEnd(text, start));
  const kind = /^[A-Za-z_]/.test(line) ? 'short' : 'junk';
  return { kind, start, end: start + line.trimEnd().length };
}

function endOfJson(text: string, start: number, limit: number): number {
  const source = text.slice(start, limit);
  const scanner = createScanner(source, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < source.length; scanner.scan()) {
    const at = scanner.getTokenOffset();
    const symbol = scanner.getTokenLength() === 1 ? source[at] : '';
    if (symbol === '{' || symbol === '[') depth++;
    else if (symbol === '}' || symbol === ']') depth--;
    if (depth === 0) return start + at + 1;
  }
  return start + source.trimEnd().length;
}

function lineStartsOfCommands(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at));
    // The name may stand on a line of its own below the brace.
    if (
      STARTS_SHORT.test(line) ||
      STARTS_JSON.test(/^\s*\{\s*$/.test(line) ? text.slice(at, at + 200) : line)
    ) {
      starts.push(at);
    }
  }
  return starts;
}

function skipBlanksAndComments(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    if (text[at] === '#' || text.startsWith('//', at)) at = lineEnd(text, at);
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      at = close < 0 ? text.length : close + 2;
    } else return at;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
