/** Knows the connections of a port, so that a server that stops can end those that do not end by themselves. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

/** How long nobody must have come before the port may close, and how long that is waited for. */
const QUIET_MS = 250;
const MAX_WAIT_MS = 3_000;

export interface OpenConnections {
  /** Waits until no connection has come for a while: those that have reached the port, but not this process, would be reset. */
  quiet(): Promise<void>;
  /** Ends all of them, those of WebSockets too, and each that still comes. */
  end(): void;
}

export function watchConnections(server: Server): OpenConnections {
  const open = new Set<Socket>();
  let isEnded = false;
  let newest = -Infinity;
  server.on('connection', (socket) => {
    newest = performance.now();
    if (isEnded) return void socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    async quiet() {
      const begin = performance.now();
      const isQuiet = () => performance.now() - Math.max(begin, newest) >= QUIET_MS;
      const isLate = () => performance.now() - begin >= MAX_WAIT_MS;
      while (!isQuiet() && !isLate()) {
        await wait(QUIET_MS / 5);
        await turn(); // a busy event loop comes late to its timers, and first to those: here it takes what waits for it
      }
    },
    end() {
      isEnded = true;
      for (const socket of open) socket.end();
      // What has been written goes out first.
      setImmediate(() => open.forEach((socket) => socket.destroy()));
    },
  };
}
