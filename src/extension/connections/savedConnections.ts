import { isJsonObject } from '../../shared/json.ts';
import { canonicalAddress } from './monitorAddress.ts';

/** A VM of the setting `qmp.connections`. */
export interface SavedConnection {
  address: string;
  name?: string;
}

/** What the setting holds, which people may type by hand. What can't be read is told, and left out. */
export function savedConnections(value: unknown, complain: (fault: string) => void): SavedConnection[] {
  if (!Array.isArray(value)) {
    if (value !== undefined) complain('is not a list');
    return [];
  }
  return value.flatMap((entry: unknown) => {
    try {
      return [savedConnection(entry)];
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}

/** Whether an entry of the setting means the monitor at this canonical address. */
export function isSavedAt(entry: unknown, address: string): boolean {
  try {
    return savedConnection(entry).address === address;
  } catch {
    return false; // not readable: not the one meant
  }
}

function savedConnection(entry: unknown): SavedConnection {
  const { address, name }: Record<string, unknown> = isJsonObject(entry) ? entry : {};
  if (typeof address !== 'string') throw new TypeError(`${JSON.stringify(entry)} has no "address"`);
  return { address: canonicalAddress(address), ...(typeof name === 'string' && name !== '' ? { name } : {}) };
}
