/** Stands for a pooler whose PostgreSQL has vanished: it lets everybody in, and says nothing more. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A message of PostgreSQL's protocol: its kind, its length, and what it says. */
export function postgresMessage(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}

export const WELCOME = postgresMessage('R', Buffer.alloc(4));
export const READY = postgresMessage('Z', Buffer.from('I'));

export async function openMute(): Promise<{ readonly url: string; dispose(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined).once('data', () => client.write(Buffer.concat([WELCOME, READY])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/shop`,
    async dispose() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
