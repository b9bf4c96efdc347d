import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';

const MIB = 1024 * 1024;

/** Something on a TCP port that is no QMP monitor. */
export interface HostilePeer extends AsyncDisposable {
  readonly port: number;
}

/** A web server: it waits to be spoken to. */
export function httpServer(): Promise<HostilePeer> {
  return listening(createHttpServer((_request, response) => response.end('hello')));
}

/** Talks first, and it is not JSON. */
export function noisyServer(): Promise<HostilePeer> {
  // Always the same noise, so that a failure can be had again.
  const noise = createHash('sha512').update('noise').digest();
  return sending(() => [noise, noise, noise]);
}

/** Sends one JSON string of 200 MB and no end of line. */
export function endlessLine(): Promise<HostilePeer> {
  const chunk = Buffer.alloc(MIB, 'x');
  return sending(function* () {
    yield Buffer.from('{"QMP": "');
    for (let sent = 0; sent < 200; sent++) yield chunk;
  });
}

/** Opens objects within objects for as long as anybody listens. */
export function endlessNesting(): Promise<HostilePeer> {
  const chunk = Buffer.from('{"QMP":'.repeat(1000));
  return sending(function* () {
    for (;;) yield chunk;
  });
}

function sending(content: () => Iterable<Buffer>): Promise<HostilePeer> {
  return listening(createServer((socket) => Readable.from(content()).pipe(socket)));
}

async function listening(server: Server): Promise<HostilePeer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    // The other side hangs up in the middle, which is what it should do.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close };
}
