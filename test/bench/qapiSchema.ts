import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from '../../src/language/languageService.ts';
import { bundledSchema } from '../../src/qapi/bundledSchema.ts';
import { SchemaIndex } from '../../src/qapi/schemaIndex.ts';
import { type Measurement, median, timed } from './benchmark.ts';

const ROUNDS = 31;
const TEXT = 'migrate-set-parameters downtime-limit=300 ';

/** What the language costs: reading a whole schema, one completion, the first and a later look for mistakes. */
export async function benchQapiSchema(): Promise<Measurement[]> {
  const schema = bundledSchema();
  const index = medianOf(() => SchemaIndex.fromReply(schema.replyText));
  const service = getLanguageService({ schema });
  const document = TextDocument.create('file:///bench.qmp', 'qmp', 1, TEXT);
  const parsed = service.parse(document);
  const end = document.positionAt(TEXT.length);
  const completion = medianOf(() => service.complete(document, parsed, end));
  const firstLook = medianOf(() => {
    const fresh = getLanguageService({ schema });
    return fresh.diagnose(document, parsed);
  });
  const laterLook = medianOf(() => service.diagnose(document, service.parse(document)));
  const bytes = `${Math.round(schema.replyText.length / 1000)} kB`;
  return [
    {
      name: 'query-qmp-schema reply, parsed and indexed',
      value: index,
      unit: 'ms',
      target: { atMost: 15 },
      remark: bytes,
    },
    { name: 'completion of an argument, warm', value: completion, unit: 'ms', target: { atMost: 1 } },
    {
      name: 'diagnostics of migrate-set-parameters, first of a schema',
      value: firstLook,
      unit: 'ms',
      remark: 'indexing and compiling included',
    },
    {
      name: 'diagnostics of migrate-set-parameters, warm',
      value: laterLook,
      unit: 'ms',
      target: { atMost: 1 },
    },
  ];
}

function medianOf(work: () => unknown): number {
  return median(Array.from({ length: ROUNDS }, () => timed(1, work)));
}
