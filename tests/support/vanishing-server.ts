/** A server whose machine vanishes without a word. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server. When that vanishes, its connections are gone, but those to here stay open and say nothing any more. */
export async function openVanishing(to: URL) {
  const all: Socket[] = [];
  let open: { client: Socket; server: Socket }[] = [];
  let isGone = false;
  const front = createServer((client) => {
    if (isGone) return void all.push(client.on('error', () => undefined));
    const server = connect(Number(to.port), to.hostname);
    for (const [from, into] of [[client, server], [server, client]]) from.on('error', () => undefined).pipe(into); // prettier-ignore
    open.push({ client, server });
    all.push(client, server);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.host = `127.0.0.1:${(front.address() as AddressInfo).port}`;
  const vanish = () => {
    for (const { client, server } of open) {
      for (const socket of [client, server]) socket.unpipe().pause();
      server.destroy();
    }
    open = [];
  };
  return {
    url: url.href,
    /** Whoever connects anew finds it. */
    vanish,
    vanishForGood() {
      isGone = true;
      vanish();
    },
    async dispose() {
      for (const socket of all) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}
