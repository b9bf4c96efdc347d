import type { TestContext } from 'node:test';
import { connectMonitor } from '../../../src/qmp/connectMonitor.ts';
import type { SocketMonitor } from '../../../src/qmp/socketMonitor.ts';
import { collectingLogger } from './collectingLogger.ts';
import { type PeerClient, ScriptedPeer } from './scriptedPeer.ts';

export interface Session {
  monitor: SocketMonitor;
  peer: PeerClient;
  logger: ReturnType<typeof collectingLogger>;
  /** State by state from here on; `!` after one that came with an error. */
  states: string[];
}

/** A running session with a scripted peer, closed at the end of the test. */
export async function openSession(t: TestContext, greeting?: string): Promise<Session> {
  const server = await ScriptedPeer.listen(t);
  const logger = collectingLogger();
  const connecting = connectMonitor(server.address, { logger });
  const peer = await server.nextClient();
  await peer.negotiate(greeting);
  const monitor = await connecting;
  t.after(() => monitor.close());
  const states: string[] = [];
  monitor.onStateChange(({ state, error }) => states.push(error ? `${state}!` : state));
  return { monitor, peer, logger, states };
}
