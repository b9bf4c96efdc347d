import type { OperatingSystem } from './operatingSystem.ts';
import type { MissingRequirement, Requirement } from './requirements.ts';

type Distribution = 'debian' | 'ubuntu' | 'fedora' | 'arch';

const PACKAGES: Record<Distribution, Record<Requirement, string>> = {
  debian: {
    qemu: 'qemu-system-x86',
    chromium: 'chromium',
    nasm: 'nasm',
    libvirtd: 'libvirt-daemon',
    virsh: 'libvirt-clients',
  },
  ubuntu: {
    qemu: 'qemu-system-x86',
    chromium: 'chromium-browser',
    nasm: 'nasm',
    libvirtd: 'libvirt-daemon',
    virsh: 'libvirt-clients',
  },
  fedora: {
    qemu: 'qemu-system-x86-core',
    chromium: 'chromium',
    nasm: 'nasm',
    libvirtd: 'libvirt-daemon libvirt-daemon-driver-qemu',
    virsh: 'libvirt-client',
  },
  arch: {
    qemu: 'qemu-system-x86',
    chromium: 'chromium',
    nasm: 'nasm',
    libvirtd: 'libvirt',
    virsh: 'libvirt',
  },
};
const INSTALL: Record<Distribution, string> = {
  debian: 'apt-get install --no-install-recommends',
  ubuntu: 'apt-get install --no-install-recommends',
  fedora: 'dnf install',
  arch: 'pacman -S',
};
const TITLES: Record<Distribution, string> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  fedora: 'Fedora',
  arch: 'Arch',
};

/** The releases of Debian whose own QEMU is too old, and whose backports have a newer one. */
export const NEEDS_BACKPORTS: readonly string[] = ['bookworm'];

/** The name of Debian's package. */
export function debianPackage(requirement: Requirement): string {
  return PACKAGES.debian[requirement];
}

/** Says which program is missing, and the commands that get it here; everywhere, where the system is not known. */
export function explainMissing(missing: readonly MissingRequirement[], system: OperatingSystem): string {
  const known = [system.id, ...system.like].find(isDistribution);
  const distributions = known ? [known] : (Object.keys(PACKAGES) as Distribution[]);
  const wanted = missing.map(({ requirement }) => requirement);
  return [
    'Something that this needs is missing:',
    ...missing.map(({ problem }) => `  - ${problem}`),
    `Install it (as root) on ${system.name} and try again:`,
    ...distributions.flatMap((distribution) =>
      commandsFor(distribution, wanted, system).map((command) => `  ${TITLES[distribution]}: ${command}`),
    ),
  ].join('\n');
}

function commandsFor(
  distribution: Distribution,
  wanted: readonly Requirement[],
  system: OperatingSystem,
): string[] {
  const names = PACKAGES[distribution];
  const fromBackports = distribution === 'debian' && NEEDS_BACKPORTS.includes(system.codename);
  if (!fromBackports || !wanted.includes('qemu')) {
    return [`${INSTALL[distribution]} ${wanted.map((requirement) => names[requirement]).join(' ')}`];
  }
  const suite = `${system.codename}-backports`;
  const others = wanted
    .filter((requirement) => requirement !== 'qemu')
    .map((requirement) => names[requirement]);
  return [
    `add the suite ${suite} of your mirror to apt's sources and run apt-get update`,
    `${INSTALL.debian} -t ${suite} ${names.qemu}`,
    ...(others.length > 0 ? [`${INSTALL.debian} ${others.join(' ')}`] : []),
  ];
}

function isDistribution(id: string): id is Distribution {
  return id in PACKAGES;
}
