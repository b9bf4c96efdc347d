// Assembles the lab's guest and writes it as a module: npm run assemble-guest
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const source = fileURLToPath(new URL('../src/lab/guest.asm', import.meta.url));
const sectorBytes = 512;
const bytesPerLine = 32;

/** The module that `src/lab/guest.asm` makes, so that a test can compare. */
export const generatedModulePath = fileURLToPath(
  new URL('../src/lab/bootSector.generated.ts', import.meta.url),
);

/**
 * Assembles `src/lab/guest.asm` with the `nasm` on the PATH.
 * @returns the text of `src/lab/bootSector.generated.ts`
 * @throws Error when nasm is missing or refuses the source, or when the result is not a boot sector
 */
export async function assembleGuest(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'qmp-guest-'));
  try {
    const image = join(directory, 'guest.bin');
    const listing = join(directory, 'guest.lst');
    await runNasm(['-f', 'bin', '-Wall', '-Werror', '-o', image, '-l', listing, source]);
    return moduleText(await readFile(image), fieldOffsets(await readFile(listing, 'utf8')));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runNasm(args: string[]): Promise<void> {
  try {
    await promisify(execFile)('nasm', args);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(missing ? 'nasm is not installed (Debian package: nasm)' : `nasm failed: ${error}`, {
      cause: error,
    });
  }
}

/** A line of the listing that holds data: line number, offset, bytes, "field_name: dw 0". */
function fieldOffsets(listing: string): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const [, offset, name] of listing.matchAll(/^ *\d+ ([0-9A-F]{8}) [0-9A-F]+ +field_(\w+):/gm)) {
    if (offset !== undefined && name !== undefined) offsets.set(camelCase(name), Number.parseInt(offset, 16));
  }
  if (offsets.size === 0) throw new Error('the listing of guest.asm names no field_…');
  return offsets;
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function moduleText(image: Buffer, fields: Map<string, number>): string {
  if (image.length !== sectorBytes || image.readUInt16LE(sectorBytes - 2) !== 0xaa55) {
    throw new Error(`guest.asm makes ${image.length} bytes that are not a boot sector`);
  }
  const lines = image.toString('hex').match(new RegExp(`.{${bytesPerLine * 2}}`, 'g')) ?? [];
  return [
    '// Generated from guest.asm by `npm run assemble-guest` (scripts/assembleGuest.ts). Do not edit.',
    '',
    '/** The assembled boot sector, its fields still zero. */',
    'export const guestImageHex = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
    '/** Where the fields lie in the image, in bytes from its start. */',
    'export const guestFieldOffsets = {',
    ...[...fields].map(([name, offset]) => `  ${name}: ${offset},`),
    '} as const;',
    '',
  ].join('\n');
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  await writeFile(generatedModulePath, await assembleGuest());
}
