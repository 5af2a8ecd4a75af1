import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

// Every other case is in spawn-worker.test.ts, which talks to a worker through the client.
describe('serveWorker', () => {
  const start = () => new Worker(join(__dirname, '../../support/echo-worker.js'));

  it('aborts the request that is named, and no other', async () => {
    const worker = start();
    for (const id of [1, 2]) worker.postMessage({ kind: 'call', id, message: { type: 'wait' } });
    worker.postMessage({ kind: 'abort', id: 2 });
    worker.postMessage({ kind: 'abort', id: 9 }); // unknown: it may have been answered meanwhile
    worker.postMessage({ kind: 'call', id: 3, message: { type: 'echo', value: 'still here' } });
    const replies: { kind: string; id: number }[] = [];
    for await (const [reply] of on(worker)) {
      if (reply.kind !== 'event') replies.push(reply);
      if (replies.length === 2) break;
    }
    expect(new Set(replies.map(({ kind, id }) => `${kind} ${id}`))).toEqual(new Set(['error 2', 'reply 3']));
    await worker.terminate();
  });
});

async function* on(worker: Worker): AsyncGenerator<[{ kind: string; id: number }]> {
  for (;;) yield (await once(worker, 'message')) as [{ kind: string; id: number }];
}
