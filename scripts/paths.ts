import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Everything that is made or fetched and is not source; git ignores it. */
export const CACHE = path.join(ROOT, '.cache');

/** The packaged extension. */
export const VSIX = path.join(CACHE, 'vscode-qmp.vsix');

/** Where the bundled Mocha suite of the extension host lies. */
export const HOST_SUITE = path.join(ROOT, 'out', 'test', 'host', 'index.cjs');
