/** Knows the connections of a port, so that a server that stops can end those that do not end by themselves. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenConnections {
  /** Ends all of them, those of WebSockets too, and each that still comes. */
  end(): void;
}

export function watchConnections(server: Server): OpenConnections {
  const open = new Set<Socket>();
  let isEnded = false;
  server.on('connection', (socket) => {
    if (isEnded) return void socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    end() {
      isEnded = true;
      for (const socket of open) socket.end();
      // What has been written goes out first.
      setImmediate(() => open.forEach((socket) => socket.destroy()));
    },
  };
}
