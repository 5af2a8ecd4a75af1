/** The work of a client that goes, or that completes an operation, ends. */
import { once } from 'node:events';

import type { WebSocket } from 'ws';

import { Admission } from '../../../src/http/admission';
import { KEYS } from '../../support/fake-ports';
import {
  app,
  holdLists,
  LIST,
  nextOf,
  overHttp,
  rawSocket,
  reasonOf,
  server,
  start,
} from '../../support/limited-server';
import { OPERATIONS } from '../../support/operations';

describe('a client that goes', () => {
  it('ends the work for its HTTP request, and gives the place back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const client = new AbortController();
    const body = JSON.stringify({ query: LIST.document, variables: LIST.variables });
    const headers = { 'content-type': 'application/json' };
    const request = fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal: client.signal });
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    client.abort();
    await expect(request).rejects.toThrow();
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    (await overHttp('{ __typename }')).expectData();
    lists.release();
  });

  it('ends the work for its WebSocket, and gives the place back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    const payload = { query: LIST.document, variables: LIST.variables };
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    socket.terminate();
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    lists.release();
    (await overHttp('{ __typename }')).expectData();
  });
});

describe('a client that goes before anybody knows who it is', () => {
  const QUERY = '/graphql?query={items(first:1){nodes{id}}}';
  const ask = (signal?: AbortSignal) =>
    fetch(`${server.url}${QUERY}`, { headers: { 'apollo-require-preflight': 'true' }, signal }).catch(() => null);
  const someTurns = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  };

  it('takes no place', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const callers = holdCallers(1);
    const client = new AbortController();
    const request = ask(client.signal);
    const [life] = await callers.asked;
    client.abort();
    await Promise.all([request, ended(life)]);
    callers.release();
    await someTurns();
    (await overHttp('{ __typename }')).expectData();
    expect(app.services.calls).toEqual([]);
  });

  it('is no failure of a server that stops', async () => {
    await start({ TIGERQL_SHUTDOWN_GRACE_MS: '0' });
    const callers = holdCallers(3);
    const requests = Promise.all(Array.from({ length: 3 }, () => ask()));
    const lives = await callers.asked;
    await Promise.all([server.close(), requests, ...lives.map(ended)]);
    callers.release();
    await someTurns();
    expect(app.logLines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
    expect(app.services.calls).toEqual([]);
  });

  it('does not hold up a server that stops while its event loop is busy for longer than the grace', async () => {
    await start({ TIGERQL_SHUTDOWN_GRACE_MS: '0' });
    const callers = holdCallers(1);
    const request = ask();
    await callers.asked;
    const closed = new Promise<void>((resolve, reject) => {
      setImmediate(() => void server.close().then(resolve, reject));
      setImmediate(() => blockFor(20));
    });
    await Promise.all([closed, request]);
    callers.release();
  });

  it('is no failure of a server that stops while the request waits for its turn', async () => {
    await start({ TIGERQL_SHUTDOWN_GRACE_MS: '0' });
    const entries = jest.spyOn(Admission.prototype, 'enter');
    const requests = Promise.all(Array.from({ length: 20 }, () => ask()));
    // Two start in each round of the event loop.
    while (entries.mock.calls.length < 20) await new Promise(setImmediate);
    entries.mockRestore();
    await Promise.all([server.close(), requests]);
    await someTurns();
    expect(app.logLines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});

function blockFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** Makes operations wait before anybody knows who asks for them. @returns The life of each, once so many wait. */
function holdCallers(count: number) {
  const { createContext } = app;
  const lives: AbortSignal[] = [];
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked = new Promise<AbortSignal[]>((resolve) => {
    const hold: typeof createContext = async (authorization, signal) => {
      if (lives.push(signal!) === count) resolve(lives);
      await released;
      return createContext(authorization, signal);
    };
    Object.assign(app, { createContext: hold });
  });
  return { asked, release: () => release() };
}

async function ended(life: AbortSignal): Promise<void> {
  if (!life.aborted) await once(life, 'abort');
}

describe('what a client has completed', () => {
  const subscribe = (id: string, payload: object) => JSON.stringify({ type: 'subscribe', id, payload });

  async function acknowledged(headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = rawSocket(headers);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    return socket;
  }

  it('does not run on', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const socket = await acknowledged();
    socket.send(subscribe('1', { query: LIST.document, variables: LIST.variables }));
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    socket.send('{"type":"complete","id":"1"}');
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    socket.send(subscribe('2', { query: '{ __typename }' }));
    expect(await nextOf(socket)).toMatchObject({ id: '2', type: 'next' });
    lists.release();
  });

  it('keeps its id until it has ended, as mutations always do', async () => {
    await start();
    const keys = holdKeys();
    const socket = await acknowledged({ authorization: `Bearer ${KEYS.ADMIN}` });
    socket.send(
      subscribe('1', { query: 'mutation { createApiKey(input: { name: "till", role: READER }) { secret } }' }),
    );
    await keys.asked;
    socket.send('{"type":"complete","id":"1"}');
    socket.send(subscribe('1', { query: OPERATIONS['catalogue-changes'] }));
    expect(await nextOf(socket)).toMatchObject({ id: '1', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    keys.release();
  });
});

/** Makes the creation of keys wait. */
function holdKeys() {
  const { create } = app.services.apiKeys;
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked = new Promise<void>((resolve) => {
    app.services.apiKeys.create = async (...args) => {
      resolve();
      await released;
      return create(...args);
    };
  });
  return { asked, release: () => release() };
}
