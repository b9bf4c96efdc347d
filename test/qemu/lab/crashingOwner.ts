// An owner of a pair that ends only by being killed. Argument: the base directory.
// Says on stdout what it has started, as one line of JSON.
import { VmPair } from '../../../src/lab/vmPair.ts';

const baseDirectory = process.argv[2];
if (baseDirectory === undefined) throw new Error('usage: crashingOwner.ts BASE-DIRECTORY');
const { directory, source, destination } = await VmPair.start({ baseDirectory });
process.stdout.write(`${JSON.stringify({ directory, pids: [source.pid, destination.pid] })}\n`);
process.stdin.resume();
