/** What the extension and the language server say to each other beyond LSP. */

/** A request of the extension: go by this schema from now on, for all documents. Answered by `UseSchemaResult`. */
export const USE_SCHEMA_REQUEST = 'qmp/useSchema';

export interface UseSchemaParams {
  /** In words for the user: "QEMU 10.0.2". */
  versionLabel: string;
  /** The reply to query-qmp-schema as text, with or without its `{"return": …}`. */
  replyText: string;
}

export interface UseSchemaResult {
  /** How many commands the schema has. */
  commandCount: number;
}
