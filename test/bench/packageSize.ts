import { stat } from 'node:fs/promises';
import { VSIX } from '../../scripts/paths.ts';
import type { Measurement } from './benchmark.ts';

/** What a user downloads. */
export async function measurePackageSize(): Promise<Measurement[]> {
  const { size } = await stat(VSIX);
  return [{ name: 'size of the VSIX', value: size / 1e6, unit: 'MB', target: { atMost: 1 } }];
}
