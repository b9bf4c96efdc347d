export interface QemuVersion {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}

/** The first QEMU whose migration knows `avail-switchover-bandwidth`. */
export const OLDEST_QEMU: QemuVersion = { major: 8, minor: 2, micro: 0 };

/** Reads the output of `qemu-system-x86_64 --version`; undefined when it is not that. */
export function parseQemuVersion(output: string): QemuVersion | undefined {
  const match = /^QEMU emulator version (\d+)\.(\d+)(?:\.(\d+))?/m.exec(output);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), micro: Number(match[3] ?? 0) };
}

export function isAtLeast(version: QemuVersion, oldest: QemuVersion): boolean {
  if (version.major !== oldest.major) return version.major > oldest.major;
  if (version.minor !== oldest.minor) return version.minor > oldest.minor;
  return version.micro >= oldest.micro;
}

/** "10.0.2". */
export function formatQemuVersion({ major, minor, micro }: QemuVersion): string {
  return `${major}.${minor}.${micro}`;
}
