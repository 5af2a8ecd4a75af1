/** Closes sockets whose key or token has ended. An operation checks its key when it starts; this is for operations that already run. */
import { WebSocket } from 'ws';

import type { Caller } from '../../graphql/api-key/records';
import type { IsCurrent } from '../api/context';

/** The socket is closed at most this much later than the process knows that its key has ended. */
const LOOK_EVERY_MS = 500;

type WatchedSocket = Pick<WebSocket, 'close' | 'once' | 'readyState'>;

export interface OpenSockets {
  /** Watches the socket until it closes, unless it has closed already. */
  add(socket: WatchedSocket, caller: Caller): void;
  dispose(): void;
}

/** @param end - Closes one socket. */
export function watchSockets(isCurrent: IsCurrent, end: (socket: WatchedSocket) => void): OpenSockets {
  const callers = new Map<WatchedSocket, Caller>();
  /** Those whose look-up takes long hold up no others. */
  const asked = new Set<WatchedSocket>();
  const lookAt = async (socket: WatchedSocket, caller: Caller) => {
    asked.add(socket);
    try {
      if (!(await isCurrent(caller))) end(socket);
    } catch {
      // The database does not answer. Nobody has said that the key has ended, so the socket stays; the next look asks again.
    } finally {
      asked.delete(socket);
    }
  };
  const look = () => {
    for (const [socket, caller] of callers) if (!asked.has(socket)) void lookAt(socket, caller);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    add(socket, caller) {
      if (socket.readyState !== WebSocket.OPEN || (caller.key === null && caller.expiresAt === null)) return;
      callers.set(socket, caller);
      socket.once('close', () => callers.delete(socket));
    },
    dispose: () => clearInterval(timer),
  };
}
