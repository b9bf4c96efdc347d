import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { commandJsonSchema } from '../qapi/commandJsonSchema.ts';
import type { SchemaIndex } from '../qapi/schemaIndex.ts';

/**
 * Validates arguments against the command's own schema, never against the union of all commands: a misspelt key would
 * be wrong in hundreds of ways there. Compiling takes some milliseconds up to tenths of a second for the largest block
 * commands, so each command is compiled when it is first asked for.
 */
export class ArgumentValidator {
  private readonly index: SchemaIndex;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(index: SchemaIndex) {
    this.index = index;
  }

  /** What is wrong with `args`; nothing for a command that the schema does not know. */
  validate(command: string, args: unknown): ErrorObject[] {
    const validate = this.compiled.get(command) ?? this.compile(command);
    if (!validate || validate(args)) return [];
    return validate.errors ?? [];
  }

  private compile(command: string): ValidateFunction | undefined {
    const entry = this.index.command(command);
    if (!entry) return undefined;
    // An instance of its own for each: the names in $defs are the same and mean the same only within one.
    const ajv = new Ajv2020({ ...OPTIONS });
    const validate = ajv.compile(commandJsonSchema(this.index, entry));
    this.compiled.set(command, validate);
    return validate;
  }
}

const OPTIONS = {
  allErrors: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  // Our own schemas: checking and optimizing them takes longer than using them.
  validateSchema: false,
  meta: false,
  code: { optimize: false },
} as const;
