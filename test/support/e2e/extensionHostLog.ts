import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkbenchUnderTest } from './workbenchUnderTest.ts';

/** How the extension host tells of a rejection or an exception that reached nobody. */
const UNHANDLED = /rejected promise not handled|\[error\]|uncaught/i;
/** The workbench's own trouble with a lock that a killed extension host has left. */
const FOREIGN = /vscode\.lock/;

/** What went wrong in the extension host without anybody noticing; empty when all is well. */
export async function unhandledErrors(stage: WorkbenchUnderTest): Promise<string[]> {
  const logs = path.join(stage.server.dataDirectory, 'data', 'logs');
  const names = await readdir(logs, { recursive: true });
  const files = names.filter((name) => path.basename(name) === 'remoteexthost.log');
  if (files.length === 0) throw new Error(`${logs} holds no log of an extension host: ${names.join(', ')}`);
  const texts = await Promise.all(files.map((name) => readFile(path.join(logs, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => UNHANDLED.test(line) && !FOREIGN.test(line));
}
