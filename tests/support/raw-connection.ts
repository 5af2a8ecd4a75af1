/** A connection for requests that no client library sends. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawConnection {
  readonly socket: Socket;
  /** All that has come so far. */
  text(): string;
  /** Waits until what has come is as wished. @throws {Error} When the server closes before. */
  until(isThere: (text: string) => boolean): Promise<string>;
  /** Waits until the server has closed. @returns All that has come. */
  closed(): Promise<string>;
}

export function openRaw(url: string): RawConnection {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1')));
  // The server may close while much is still being sent; what it answered counts.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return {
    socket,
    text: () => text,
    async until(isThere) {
      while (!isThere(text)) {
        if (socket.destroyed) throw new Error(`connection: expected more before its end, got ${JSON.stringify(text)}`);
        await Promise.race([once(socket, 'data'), closed]);
      }
      return text;
    },
    async closed() {
      await closed;
      return text;
    },
  };
}

/** @returns The answers to what is sent, when the server has closed. */
export async function rawAnswer(url: string, request: string | Buffer): Promise<string> {
  const connection = openRaw(url);
  connection.socket.write(request); // an end would tell the server that nobody waits for the answers
  return connection.closed();
}
