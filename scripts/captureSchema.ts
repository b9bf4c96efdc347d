// npx tsx scripts/captureSchema.ts [QEMU]: asks a real QEMU for its schema and makes it the one that the extension
// carries, for documents while no VM is connected.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { SchemaIndex } from '../src/qapi/schemaIndex.ts';
import { connectMonitor } from '../src/qmp/connectMonitor.ts';
import { stringifyExact } from '../src/qmp/exactJson.ts';
import { ROOT } from './paths.ts';
import { ExpectedError } from './process/errors.ts';
import { runMain } from './process/runMain.ts';
import { until } from './process/until.ts';
import { say } from './say.ts';

const TARGET = path.join(ROOT, 'src', 'qapi', 'bundled', 'schema.json');

await runMain(async ({ cleanup, signal }) => {
  const program = process.argv[2] ?? 'qemu-system-x86_64';
  const socket = path.join(await cleanup.makeTemporaryDirectory('qmp-schema-'), 'qmp.sock');
  const vm = ['-machine', 'pc', '-accel', 'tcg', '-nodefaults', '-display', 'none', '-S'];
  const qemu = spawn(program, [...vm, '-qmp', `unix:${socket},server=on,wait=off`], { stdio: 'inherit' });
  const ended = once(qemu, 'exit');
  cleanup.add('stop QEMU', async () => {
    qemu.kill();
    await ended;
  });
  const failed = ended.then(([code]) => {
    throw new ExpectedError(`${program} ended with code ${code} before it was asked.`);
  });
  await Promise.race([failed, until('the socket of QEMU', () => access(socket).then(() => true))]);

  const monitor = await connectMonitor(`unix:${socket}`, { signal });
  const reply = stringifyExact(await monitor.execute('query-qmp-schema', undefined, { signal }));
  const { version } = monitor;
  await monitor.execute('quit', undefined, { signal });
  await monitor.close();

  const index = SchemaIndex.fromReply(reply);
  const qemuVersion = version ? `${version.major}.${version.minor}.${version.micro}` : 'unknown';
  const schema = brotliCompressSync(reply, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 20,
    },
  }).toString('base64');
  await writeFile(
    TARGET,
    `${JSON.stringify({ qemuVersion, encoding: 'brotli, base64', schema }, null, 2)}\n`,
  );
  say(
    `QEMU ${qemuVersion}: ${index.commandNames.length} commands, ${reply.length} characters as ${schema.length}`,
  );
  return 0;
});
