import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assembleGuest, generatedModulePath } from '../../../scripts/assembleGuest.ts';

test('the boot sector in the repository is what guest.asm assembles to', async () => {
  const kept = await readFile(generatedModulePath, 'utf8');
  assert.equal(kept, await assembleGuest(), 'out of date: run npm run assemble-guest');
});
