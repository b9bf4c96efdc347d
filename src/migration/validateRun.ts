import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../media/run.schema.json' with { type: 'json' };
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json.ts';
import type { RunRecord } from '../shared/runRecord.ts';

/** Checks that a value is a run record. Costs some 100 ms to make: keep it. */
export class RunValidator {
  private readonly validate: ValidateFunction = new Ajv2020({ allowUnionTypes: true }).compile(schema);

  /** @throws SyntaxError saying what in it is not as it should be */
  check(value: JsonValue): RunRecord {
    if (!isRunLike(value)) throw new SyntaxError('it is JSON, but not the record of a migration');
    const { version } = value;
    if (typeof version === 'number' && version > 1) {
      throw new SyntaxError(
        `it has version ${version} of the format: it was written by a later version of this extension`,
      );
    }
    if (!this.validate(withoutBigints(value))) {
      const [error] = this.validate.errors ?? [];
      const where = error?.instancePath ? `${error.instancePath} ` : '';
      throw new SyntaxError(
        `as the record of a migration it is damaged: ${where}${error?.message ?? 'invalid'}`,
      );
    }
    return asRecord(value);
  }
}

function isRunLike(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && value['format'] === 'qmp-migration-run';
}

/** The schema has been checked: the shape is the record's. */
function asRecord(value: JsonObject): RunRecord {
  const shape: unknown = value;
  return shape as RunRecord;
}

/** The validator knows no bigint; their range survives the rounding. */
function withoutBigints(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBigints(item)]));
}
