import { ProtocolError } from './errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** What may stand between two messages: tab, line feed, carriage return, space. */
const BLANK = new Set([0x09, 0x0a, 0x0d, 0x20]);

export interface JsonStreamLimits {
  /** Bytes of one message. */
  maxMessageBytes: number;
  /** Nesting of objects and arrays; by default 1024, as in QEMU's own parser. */
  maxDepth?: number;
}

/**
 * Cuts a stream of bytes into JSON objects. QMP does not promise one per line, so this follows the nesting, byte by
 * byte: all that matters for it is ASCII, which never occurs inside a multi-byte UTF-8 character.
 */
export class JsonStream {
  /** May be raised once the peer has earned trust. */
  maxMessageBytes: number;
  private readonly maxDepth: number;
  private parts: Buffer[] = [];
  private partsBytes = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  constructor(limits: JsonStreamLimits) {
    this.maxMessageBytes = limits.maxMessageBytes;
    this.maxDepth = limits.maxDepth ?? 1024;
  }

  /**
   * Takes the next bytes and returns the texts of the messages that they complete.
   * @throws ProtocolError when what arrives can't be a JSON object, or is longer or deeper than allowed
   */
  push(chunk: Buffer): string[] {
    const messages: string[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.depth === 0) {
        if (BLANK.has(byte)) {
          start = i + 1;
          continue;
        }
        if (byte !== OPEN_BRACE) throw new ProtocolError(`expected a JSON object, got ${excerpt(chunk, i)}`);
        start = i;
        this.depth = 1;
      } else if (this.inString) {
        this.scanInString(byte);
      } else if (this.scanOutside(byte)) {
        messages.push(this.take(chunk.subarray(start, i + 1)));
        start = i + 1;
      }
    }
    if (start < chunk.length) this.keep(chunk.subarray(start));
    return messages;
  }

  private scanInString(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inString = false;
  }

  /** True at the byte that ends the message. */
  private scanOutside(byte: number): boolean {
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.depth++;
      if (this.depth > this.maxDepth)
        throw new ProtocolError(`JSON nested deeper than ${this.maxDepth} levels`);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      this.depth--;
      return this.depth === 0;
    }
    return false;
  }

  private keep(part: Buffer): void {
    this.partsBytes += part.length;
    if (this.partsBytes > this.maxMessageBytes) {
      throw new ProtocolError(`a message of more than ${this.maxMessageBytes} bytes`);
    }
    this.parts.push(part);
  }

  private take(last: Buffer): string {
    this.keep(last);
    const text = this.parts.length === 1 ? last.toString('utf8') : Buffer.concat(this.parts).toString('utf8');
    this.parts = [];
    this.partsBytes = 0;
    return text;
  }
}

function excerpt(chunk: Buffer, from: number): string {
  return JSON.stringify(chunk.subarray(from, from + 40).toString('latin1'));
}
