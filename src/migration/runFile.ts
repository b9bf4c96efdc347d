import { readFile, stat } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { parseExact, stringifyExact } from '../qmp/exactJson.ts';
import type { JsonValue } from '../shared/json.ts';
import type { RunRecord } from '../shared/runRecord.ts';
import { MigrationError } from './errors.ts';
import type { RunValidator } from './validateRun.ts';

/** A day at ten samples a second has some 150 MB. */
const largestFile = 512 * 1024 * 1024;

export const runFileSuffix = '.run.json';

/** The validator, loaded and compiled when it is first needed, so that nothing is paid for it at activation. */
export class LazyRunValidator {
  private loading: Promise<RunValidator> | undefined;

  load(): Promise<RunValidator> {
    this.loading ??= import('./validateRun.ts').then(({ RunValidator: Loaded }) => new Loaded());
    return this.loading;
  }
}

/**
 * Reads a record, exactly and with the fields that this version does not know.
 * @throws MigrationError when it is not one, or damaged
 */
export async function readRun(path: string, validator = new LazyRunValidator()): Promise<RunRecord> {
  try {
    const { size } = await stat(path);
    if (size > largestFile) throw new RangeError(`it is too large for a record (${size} bytes)`);
    const checker = await validator.load();
    return checker.check(parseJson(await readFile(path, 'utf8')));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`${path} can not be opened as a run: ${message}.`, { cause: error });
  }
}

/** Writes a record so that the file is either the old or the new one, also in a crash. */
export async function writeRun(path: string, record: RunRecord): Promise<void> {
  await writeFileAtomic(path, runText(record));
}

/** One sample, iteration or change per line: the file can be read, and compared, by people too. */
export function runText(record: RunRecord): string {
  const members = Object.entries(record).map(([key, value]) => {
    const list = Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
    const text = list
      ? `[\n    ${value.map((item) => stringifyExact(item)).join(',\n    ')}\n  ]`
      : stringifyExact(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

function parseJson(text: string): JsonValue {
  try {
    return parseExact(text);
  } catch (error) {
    throw new SyntaxError('it is not JSON, or only the beginning of one', { cause: error });
  }
}
