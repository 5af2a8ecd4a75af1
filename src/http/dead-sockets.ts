/** Ends the sockets of clients that are gone, or read nothing. One that reads slowly stays: its pongs wait behind what it reads. */
import type { Socket } from 'node:net';

import type { WebSocket } from 'ws';

/** Pings keep proxies from closing a quiet socket. */
const PING_MS = 12_000;
/**
 * Looks in a row at which nothing was heard. Some megabytes that the client has not read may have left this process: a ping waits behind
 * them for half a minute where 150 kB a second get through.
 */
const MAX_SILENT = 5;

/** What waits for the client. */
interface Unsent {
  /** With all of the write that is under way. */
  readonly bytes: number;
  /** What the system has not taken of that write. */
  readonly ofWrite: number;
}

/**
 * @param connection - What the socket writes to.
 * @returns A function that ends the watch.
 */
export function endWhenDead(socket: WebSocket, connection: Socket, pingMs = PING_MS): () => void {
  let silent = 0;
  let before = unsentOf(connection);
  socket.on('pong', () => (silent = 0));
  const timer = setInterval(() => {
    const unsent = unsentOf(connection);
    silent = isTaken(before, unsent) ? 0 : silent + 1;
    before = unsent;
    if (silent > MAX_SILENT) return socket.terminate();
    if (socket.readyState === socket.OPEN) socket.ping();
  }, pingMs);
  return () => clearInterval(timer);
}

/** Only what has waited tells anything: the system also takes a little for a client that is gone. */
function isTaken(before: Unsent, now: Unsent): boolean {
  return before.ofWrite > 0 && (now.ofWrite !== before.ofWrite || now.bytes < before.bytes);
}

/** One write may be a whole answer. How much of it is left is known to Node alone, which looks at it for `socket.setTimeout`. */
function unsentOf(connection: Socket): Unsent {
  const { _handle: handle } = connection as unknown as {
    readonly _handle: { readonly writeQueueSize?: number } | null;
  };
  return { bytes: connection.writableLength, ofWrite: handle?.writeQueueSize ?? 0 };
}
