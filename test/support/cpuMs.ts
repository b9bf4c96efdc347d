/** CPU time that `run` takes, in ms: unlike the clock on the wall, it is the same on a busy machine. */
export function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
