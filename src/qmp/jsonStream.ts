import { ProtocolError } from './errors.ts';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const NOTHING = Buffer.alloc(0);

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
  /** The beginning of a message whose end has not come yet; grows by doubling, so that tiny pieces cost nothing extra. */
  private held = NOTHING;
  private heldBytes = 0;
  private depth = 0;
  private inString = false;
  /** A backslash was the last byte: the next one is part of the string, whatever it is. */
  private escaped = false;

  constructor(limits: JsonStreamLimits) {
    this.maxMessageBytes = limits.maxMessageBytes;
    this.maxDepth = limits.maxDepth ?? 1024;
  }

  /** Bytes of an unfinished message. */
  get bytesHeld(): number {
    return this.heldBytes;
  }

  /**
   * Takes the next bytes and delivers the texts of the messages that they complete.
   * @throws ProtocolError when what arrives can't be a JSON object, or is longer or deeper than allowed;
   * the messages before it have been delivered then. Nothing may be pushed afterwards.
   */
  push(chunk: Buffer, deliver: (text: string) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.depth === 0) at = skipBlanks(chunk, at);
      const start = at;
      at = this.scan(chunk, at);
      if (this.depth > 0) this.hold(chunk.subarray(start, at));
      else if (at > start) deliver(this.take(chunk, start, at));
    }
  }

  /** Follows the nesting to the end of the message or else of the chunk, and returns the place after it. */
  private scan(chunk: Buffer, from: number): number {
    const { length } = chunk;
    // Fields are slower than variables here, and this loop sees every byte.
    let { depth, inString } = this;
    let at = this.escaped && from < length ? from + 1 : from;
    while (at < length) {
      const byte = chunk[at++];
      if (inString) {
        if (byte === QUOTE) inString = false;
        else if (byte === BACKSLASH) at++;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth = this.deeper(depth);
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) break;
    }
    this.escaped = at > length;
    this.depth = depth;
    this.inString = inString;
    return Math.min(at, length);
  }

  private deeper(depth: number): number {
    if (depth < this.maxDepth) return depth + 1;
    this.release();
    throw new ProtocolError(`JSON nested deeper than ${this.maxDepth} levels`);
  }

  private hold(part: Buffer): void {
    const bytes = this.fitting(this.heldBytes + part.length);
    if (bytes > this.held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.maxMessageBytes, Math.max(4096, 2 * bytes)));
      this.held.copy(grown, 0, 0, this.heldBytes);
      this.held = grown;
    }
    part.copy(this.held, this.heldBytes);
    this.heldBytes = bytes;
  }

  private take(chunk: Buffer, from: number, to: number): string {
    if (this.heldBytes === 0) return chunk.toString('utf8', from, from + this.fitting(to - from));
    this.hold(chunk.subarray(from, to));
    const text = this.held.toString('utf8', 0, this.heldBytes);
    this.release();
    return text;
  }

  private fitting(bytes: number): number {
    if (bytes <= this.maxMessageBytes) return bytes;
    this.release();
    throw new ProtocolError(`a message of more than ${this.maxMessageBytes} bytes`);
  }

  private release(): void {
    this.held = NOTHING;
    this.heldBytes = 0;
  }
}

/** The place of the next message. */
function skipBlanks(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === OPEN_BRACE) return at;
    if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== SPACE && byte !== TAB) {
      throw new ProtocolError(`expected a JSON object, got ${excerpt(chunk, at)}`);
    }
  }
  return chunk.length;
}

function excerpt(chunk: Buffer, from: number): string {
  return JSON.stringify(chunk.subarray(from, from + 40).toString('latin1'));
}
