/** One entry of apt's lists: where packages come from. */
export interface AptSource {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Everything else that the entry says, by the field names of the .sources format: Signed-By, Trusted, … */
  readonly options: ReadonlyMap<string, string>;
}

const OPTION_FIELDS = new Map([
  ['arch', 'Architectures'],
  ['signed-by', 'Signed-By'],
  ['trusted', 'Trusted'],
  ['allow-insecure', 'Allow-Insecure'],
  ['check-valid-until', 'Check-Valid-Until'],
  ['check-date', 'Check-Date'],
]);
const MAIN_FIELDS = ['types', 'uris', 'suites', 'components', 'enabled'];

/** Reads a file of apt's: `.sources` (paragraphs of fields) or else `.list` (one entry per line). */
export function parseAptSources(fileName: string, text: string): AptSource[] {
  return fileName.endsWith('.sources') ? parseParagraphs(text) : parseLines(text);
}

function parseParagraphs(text: string): AptSource[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = fieldsOf(paragraph);
    const words = (name: string) =>
      (fields.get(name)?.value ?? '').split(/\s+/).filter((word) => word !== '');
    if (words('types').length === 0 || /^no$/i.test(fields.get('enabled')?.value ?? '')) return [];
    const others = [...fields].filter(([key]) => !MAIN_FIELDS.includes(key));
    return {
      types: words('types'),
      uris: words('uris'),
      suites: words('suites'),
      components: words('components'),
      options: new Map(others.map(([, { name, value }]) => [name, value])),
    };
  });
}

// A field goes on in the lines after it that begin with a space; a key may be written out in full there.
function fieldsOf(paragraph: string): Map<string, { name: string; value: string }> {
  const fields = new Map<string, { name: string; value: string }>();
  for (const [, name = '', value = ''] of paragraph.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)) {
    fields.set(name.toLowerCase(), { name, value: value.trimEnd() });
  }
  return fields;
}

function parseLines(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (!match) return [];
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    return {
      types: [type],
      uris: [uri],
      suites: [suite],
      components: components.split(/\s+/).filter((word) => word !== ''),
      options: optionsOf(options),
    };
  });
}

function optionsOf(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([\w-]+)=(\S+)/g)) {
    const field = OPTION_FIELDS.get(name.toLowerCase());
    if (field) options.set(field, value.replaceAll(',', ' '));
  }
  return options;
}
