export interface OperatingSystem {
  /** ID of os-release, e.g. "debian"; empty when there is no such file. */
  readonly id: string;
  /** Distributions that this one is made from, e.g. ["debian"]. */
  readonly like: readonly string[];
  /** VERSION_CODENAME, e.g. "bookworm"; empty when it has none. */
  readonly codename: string;
  /** PRETTY_NAME, e.g. "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string;
}

/** Reads the text of /etc/os-release. */
export function parseOsRelease(text: string): OperatingSystem {
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/^([A-Z_]+)=["']?(.*?)["']?\s*$/gm))
    values.set(key, value);
  return {
    id: values.get('ID') ?? '',
    like: (values.get('ID_LIKE') ?? '').split(' ').filter((id) => id !== ''),
    codename: values.get('VERSION_CODENAME') ?? '',
    name: values.get('PRETTY_NAME') ?? 'this system',
  };
}
