import { parseExact } from '../../src/qmp/exactJson.ts';
import { JsonStream } from '../../src/qmp/jsonStream.ts';
import { parseMessage } from '../../src/qmp/messages.ts';
import { BareClient } from '../support/qmp/bareClient.ts';
import { startMigratingQemu } from '../support/qmp/migratingQemu.ts';
import { compare, type Measurement, timed } from './benchmark.ts';

const ROUNDS = 31;
const REPLIES = 20;

/** What exact integers cost on replies of a real QEMU, beside plain `JSON.parse`. */
export async function benchQmpParsing(): Promise<Measurement[]> {
  const { replies, schema } = await capture();
  const parseAll = (parse: (text: string) => unknown) => (): number =>
    timed(100, () => {
      for (const reply of replies) parse(reply);
    }) / replies.length;
  const exact = await compare(ROUNDS, parseAll(parseExact), parseAll(JSON.parse));
  const bytes = Buffer.from(schema);
  const plain = (): number => timed(3, () => JSON.parse(schema));
  const whole = await compare(ROUNDS, () => timed(3, () => frameAndParse(bytes)), plain);
  return [
    {
      name: 'query-migrate reply, exact parsing ÷ JSON.parse',
      value: exact.ratio,
      unit: '×',
      target: { atMost: 1.5 },
      remark: `${(exact.subject * 1000).toFixed(1)} µs ÷ ${(exact.reference * 1000).toFixed(1)} µs`,
    },
    {
      name: 'query-qmp-schema reply, framing and exact parsing',
      value: whole.subject,
      unit: 'ms',
      remark: `${Math.round(bytes.length / 1000)} kB; ${whole.ratio.toFixed(2)} × JSON.parse of the same text`,
    },
  ];
}

/** Replies as they crossed the wire, of a migration under way: with doubles of 17 digits among them. */
async function capture(): Promise<{ replies: string[]; schema: string }> {
  const qemu = await startMigratingQemu();
  try {
    const client = await BareClient.open(qemu.address.slice('unix:'.length));
    const replies: string[] = [];
    for (let i = 0; i < REPLIES; i++)
      replies.push(await client.executeRaw('{"execute":"query-migrate","id":1}'));
    const schema = await client.executeRaw('{"execute":"query-qmp-schema","id":1}');
    await client.close();
    return { replies, schema };
  } finally {
    await qemu.kill();
  }
}

function frameAndParse(bytes: Buffer): void {
  const stream = new JsonStream({ maxMessageBytes: 1 << 24 });
  for (let at = 0; at < bytes.length; at += 65536) stream.push(bytes.subarray(at, at + 65536), parseMessage);
}
