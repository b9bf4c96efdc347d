import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectMonitor } from '../../src/qmp/connectMonitor.ts';
import { BareClient } from '../support/qmp/bareClient.ts';
import { startMigratingQemu } from '../support/qmp/migratingQemu.ts';
import { type Comparison, compare, type Measurement, median } from './benchmark.ts';

const ROUNDS = 21;
const CALLS = 300;
const PYTHON_PEER = fileURLToPath(new URL('qmpRoundTrip.py', import.meta.url));

/** How long one `query-migrate` takes through our client, beside the barest loop over a socket and python's qemu.qmp. */
export async function benchQmpRoundTrip(): Promise<Measurement[]> {
  const qemu = await startMigratingQemu();
  try {
    const path = qemu.address.slice('unix:'.length);
    const ours = (): Promise<number> => throughOurs(qemu.address);
    const bare = await compare(ROUNDS, ours, () => throughBare(path, '{"execute":"query-migrate"}'));
    const alike = await compare(ROUNDS, ours, () => throughBare(path, '{"execute":"query-migrate","id":7}'));
    const name = 'query-migrate round trip, our client ÷';
    const unit = '×';
    return [
      {
        name: `${name} bare socket loop`,
        value: bare.ratio,
        unit,
        target: { atMost: 1.25 },
        remark: times(bare),
      },
      {
        name: `${name} bare socket loop with an id`,
        value: alike.ratio,
        unit,
        remark: `${times(alike)}; QEMU reads a command byte by byte`,
      },
      await besidePython(name, path, ours),
    ];
  } finally {
    await qemu.kill();
  }
}

async function besidePython(name: string, path: string, ours: () => Promise<number>): Promise<Measurement> {
  const row = { name: `${name} python's qemu.qmp`, unit: '×' } as const;
  const run = promisify(execFile);
  try {
    await run('python3', ['-c', 'import qemu.qmp']);
  } catch {
    return { ...row, remark: 'qemu.qmp is not installed here' };
  }
  const python = async (): Promise<number> =>
    Number((await run('python3', [PYTHON_PEER, path, String(CALLS)])).stdout);
  const comparison = await compare(5, ours, python);
  return { ...row, value: comparison.ratio, remark: times(comparison) };
}

async function throughOurs(address: string): Promise<number> {
  const monitor = await connectMonitor(address);
  const each = await callTimes(() => monitor.execute('query-migrate'));
  await monitor.close();
  return median(each);
}

async function throughBare(path: string, command: string): Promise<number> {
  const client = await BareClient.open(path);
  const each = await callTimes(() => client.execute(command));
  await client.close();
  return median(each);
}

/** Milliseconds of each call. */
async function callTimes(call: () => Promise<unknown>): Promise<number[]> {
  const each: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const started = performance.now();
    await call();
    each.push(performance.now() - started);
  }
  return each;
}

function times({ subject, reference }: Comparison): string {
  return `${Math.round(subject * 1000)} µs ÷ ${Math.round(reference * 1000)} µs`;
}
