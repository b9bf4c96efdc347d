import { brotliDecompressSync } from 'node:zlib';
import bundled from './bundled/schema.json' with { type: 'json' };

/** The schema of one QEMU: a reply to query-qmp-schema and the name of the version that gave it. */
export interface LabelledSchema {
  /** In words for the user: "QEMU 10.0.2". */
  versionLabel: string;
  /** With or without the `{"return": …}` around the list. */
  replyText: string;
}

/** The schema that comes with the extension, captured from a real QEMU; for documents while no VM is connected. */
export function bundledSchema(): LabelledSchema {
  return {
    versionLabel: `QEMU ${bundled.qemuVersion}`,
    replyText: brotliDecompressSync(Buffer.from(bundled.schema, 'base64')).toString('utf8'),
  };
}
