/** Which VM of the pair. Also the VM's `-name`. */
export type WhichVm = 'source' | 'destination';

export interface VmFiles {
  monitorPath: string;
  bootSectorPath: string;
}

/** The arguments of one VM of the pair: emulated, without a screen, a network or anything of the user's. */
export function qemuArguments(
  which: WhichVm,
  files: VmFiles,
  memoryMiB: number,
  further: readonly string[] = [],
): string[] {
  return [
    ...['-name', which],
    ...['-accel', 'tcg', '-M', 'pc', '-m', `${memoryMiB}M`],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-chardev', `socket,id=monitor,path=${escapeCommas(files.monitorPath)},server=on,wait=off`],
    ...['-mon', 'chardev=monitor,mode=control'],
    // What the guest says comes out of our pipe; signal=off leaves the terminal's keys alone.
    ...['-chardev', 'stdio,id=console,signal=off', '-device', 'isa-debugcon,chardev=console,iobase=0xe9'],
    // Of all disks the one that SeaBIOS boots first. Read-only, so that both VMs can hold the same file.
    ...['-drive', `if=floppy,format=raw,readonly=on,file=${escapeCommas(files.bootSectorPath)}`],
    ...(which === 'destination' ? ['-incoming', 'defer'] : []),
    ...further,
  ];
}

/** In QEMU's option lists a comma within a value is written twice. */
function escapeCommas(value: string): string {
  return value.replaceAll(',', ',,');
}
