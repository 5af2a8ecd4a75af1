/** Closes sockets whose key or token has ended. An operation checks its key when it starts; this is for operations that already run. */
import type { WebSocket } from 'ws';

import type { Caller } from '../../graphql/api-key/records';
import type { IsCurrent } from '../api/context';

/** The socket is closed at most this much later than the process knows that its key has ended. */
const LOOK_EVERY_MS = 500;

export interface OpenSockets {
  /** Watches the socket until it closes. */
  add(socket: Pick<WebSocket, 'close' | 'once'>, caller: Caller): void;
  dispose(): void;
}

/** @param end - Closes one socket. */
export function watchSockets(isCurrent: IsCurrent, end: (socket: Pick<WebSocket, 'close'>) => void): OpenSockets {
  const callers = new Map<Pick<WebSocket, 'close'>, Caller>();
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const [socket, caller] of callers) if (!(await isCurrent(caller))) end(socket);
    } catch {
      // The database does not answer. Nobody has said that the keys have ended, so the sockets stay; the next look asks again.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return {
    add(socket, caller) {
      if (caller.key === null && caller.expiresAt === null) return;
      callers.set(socket, caller);
      socket.once('close', () => callers.delete(socket));
    },
    dispose: () => clearInterval(timer),
  };
}
