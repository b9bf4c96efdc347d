import {
  type CommandEntry,
  type EventEntry,
  parseSchemaReply,
  type SchemaEntry,
  SchemaError,
  type TypeEntry,
} from './introspection.ts';

/**
 * Finds the commands, events and types of one QEMU by name. Types stay as QEMU sent them and are looked up when
 * somebody asks: nothing is resolved ahead, so cycles cost nothing.
 */
export class SchemaIndex {
  // Maps, since integer-like keys such as "153" would lose their order in an object.
  private readonly commands = new Map<string, CommandEntry>();
  private readonly events = new Map<string, EventEntry>();
  private readonly types = new Map<string, TypeEntry>();

  constructor(entries: Iterable<SchemaEntry>) {
    for (const entry of entries) {
      // Meta-types of a later QEMU are none of ours, so they end up among the types and are never asked for.
      if (entry['meta-type'] === 'command') this.commands.set(entry.name, entry);
      else if (entry['meta-type'] === 'event') this.events.set(entry.name, entry);
      else this.types.set(entry.name, entry);
    }
  }

  /**
   * Indexes the reply to query-qmp-schema, with or without its `{"return": …}`.
   * @throws SchemaError when the text is not such a reply
   */
  static fromReply(text: string): SchemaIndex {
    const index = new SchemaIndex(parseSchemaReply(text));
    if (index.commands.size === 0) throw new SchemaError('The reply to query-qmp-schema lists no command.');
    return index;
  }

  /** In QEMU's order. */
  get commandNames(): string[] {
    return [...this.commands.keys()];
  }

  get eventNames(): string[] {
    return [...this.events.keys()];
  }

  command(name: string): CommandEntry | undefined {
    return this.commands.get(name);
  }

  event(name: string): EventEntry | undefined {
    return this.events.get(name);
  }

  /** The type of this opaque name; undefined when the schema does not define it. */
  type(name: string): TypeEntry | undefined {
    return this.types.get(name);
  }
}
