import { inflateSync } from 'node:zlib';

const SIGNATURE = '89504e470d0a1a0a';
const SAMPLES_PER_PIXEL: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** How many different values the bytes of its lines have: 1 or 2 for an empty picture. */
  readonly differentBytes: number;
}

/**
 * Reads a PNG as a browser makes it (8 bits per sample, not interlaced) down to its pixels.
 * @throws Error when it is not one, or not whole
 */
export function readPng(file: Uint8Array): PngPicture {
  const bytes = Buffer.from(file);
  if (bytes.subarray(0, 8).toString('hex') !== SIGNATURE) throw new Error('it has no PNG signature');
  const chunks = [...chunksOf(bytes)];
  const header = chunks[0];
  if (header?.type !== 'IHDR') throw new Error(`it begins with ${header?.type}`);
  if (chunks.at(-1)?.type !== 'IEND') throw new Error('it is cut short');
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const samples = SAMPLES_PER_PIXEL[header.data.readUInt8(9)];
  if (header.data.readUInt8(8) !== 8 || samples === undefined) throw new Error('not 8 bits of RGB or RGBA');
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const lines = inflateSync(data);
  // Each line begins with the number of its filter.
  if (lines.length !== height * (1 + width * samples)) throw new Error(`${lines.length} bytes of lines`);
  return { width, height, differentBytes: new Set(lines).size };
}

function* chunksOf(bytes: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    yield {
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
    };
    at += 12 + length;
  }
}
