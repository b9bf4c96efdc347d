import { execa } from 'execa';
import { findChromium, findDaemon, findProgram } from './programs.ts';
import { formatQemuVersion, isAtLeast, OLDEST_QEMU, parseQemuVersion } from './qemuVersion.ts';

/** A program of the system that demo or tests need. */
export type Requirement = 'qemu' | 'chromium' | 'nasm' | 'libvirtd' | 'virsh';

export interface MissingRequirement {
  readonly requirement: Requirement;
  /** What is wrong, e.g. "qemu-system-x86_64 is not in PATH". */
  readonly problem: string;
}

/** Looks for each program; returns those that are missing or too old. */
export async function findMissing(requirements: readonly Requirement[]): Promise<MissingRequirement[]> {
  const problems = await Promise.all(
    requirements.map(async (requirement) => ({ requirement, problem: await CHECKS[requirement]() })),
  );
  return problems.flatMap(({ requirement, problem }) => (problem ? [{ requirement, problem }] : []));
}

const CHECKS: Record<Requirement, () => Promise<string | undefined>> = {
  qemu: checkQemu,
  chromium: async () => (findChromium() ? undefined : 'chromium is not in PATH'),
  nasm: async () => (findProgram(['nasm']) ? undefined : 'nasm is not in PATH'),
  libvirtd: async () => (findDaemon('libvirtd') ? undefined : 'libvirtd is not in PATH'),
  virsh: async () => (findProgram(['virsh']) ? undefined : 'virsh is not in PATH'),
};

async function checkQemu(): Promise<string | undefined> {
  const program = findProgram(['qemu-system-x86_64']);
  if (!program) return 'qemu-system-x86_64 is not in PATH';
  const { stdout, stderr, failed } = await execa(program, ['--version'], { reject: false, stdin: 'ignore' });
  const version = parseQemuVersion(stdout);
  if (failed || !version) return `${program} does not tell its version: ${stderr || stdout}`;
  if (isAtLeast(version, OLDEST_QEMU)) return undefined;
  return `${program} is QEMU ${formatQemuVersion(version)}, and ${formatQemuVersion(OLDEST_QEMU)} or newer is needed`;
}
