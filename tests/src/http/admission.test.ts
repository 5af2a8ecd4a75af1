/** The server refuses operations so that it can go on serving, and ends those that nobody waits for. */
import { once } from 'node:events';

import { KEYS } from '../../support/fake-ports';
import { app, codesOf, openSocket, server, start, subscribe } from '../../support/fake-server';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

const LIST = { document: OPERATIONS.recommendations, variables: { history: ['item-1'] } };

/** Makes lists wait. @returns The signal of each list, and what lets them go on. */
function holdLists() {
  const signals: (AbortSignal | undefined)[] = [];
  const asked: (() => void)[] = [];
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { recommend } = app.services.recommender;
  app.services.recommender.recommend = async (subject, args, signal) => {
    signals.push(signal);
    asked.shift()?.();
    await released;
    return recommend(subject, args);
  };
  return {
    signals,
    asked: () => new Promise<void>((resolve) => asked.push(resolve)),
    release: () => release(),
  };
}

const reasonOf = (signal?: AbortSignal) => (signal?.reason as { extensions?: unknown } | undefined)?.extensions;

const overHttp = (document: string, variables = {}, key?: string) =>
  testClient(server.url, key).execute(document, variables);

async function codesOverWebSocket(document: string, variables = {}, key?: string): Promise<unknown> {
  const subscription = subscribe(document, variables, key);
  return codesOf(await Promise.race([subscription.ended, subscription.next().then(({ errors }) => errors ?? [])]));
}

describe('the admission of operations', () => {
  it('refuses what is too much, with a time to come back, over both protocols', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    const refused = await overHttp('{ __typename }');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }]);
    expect(await codesOverWebSocket('{ __typename }')).toEqual(['OVERLOADED']);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    lists.release();
    (await first).expectData();
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
  });

  it('gives the places of refused and failed operations back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    for (const document of ['{ items(', '{ nothing }', '{ items(first: 101) { nodes { id } } }']) {
      await overHttp(document);
      await codesOverWebSocket(document);
    }
    await fetch(`${server.url}/graphql`, { method: 'OPTIONS' });
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
  });

  it('lets a caller start only so many operations a second, over both protocols', async () => {
    await start({ TIGERQL_MAX_CALLER_RATE: '1' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => overHttp('{ __typename }')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0].headers.get('retry-after')).toBe('1');
    expect(refused[0].expectErrors()).toEqual(['TOO_MANY_OPERATIONS']);
    expect(refused[0].errors[0].extensions).toMatchObject({ retryAfterSeconds: 1 });
    const codes = await Promise.all(Array.from({ length: 10 }, () => codesOverWebSocket('{ __typename }')));
    expect(codes).toContainEqual(['TOO_MANY_OPERATIONS']);
  });

  it.each(['/operations', '/', '/no/such/path'])('counts %s too, but no check of health', async (path) => {
    await start({ TIGERQL_MAX_CALLER_RATE: '1' });
    const statusOf = async (other: string) => (await fetch(`${server.url}${other}`)).status;
    const refused = async () => (await Promise.all(Array.from({ length: 5 }, () => statusOf(path)))).includes(429);
    while (!(await refused()));
    const checks = ['/health/live', '/health/ready'].flatMap((check) => new Array<string>(5).fill(check));
    expect(await Promise.all(checks.map(statusOf))).toEqual(new Array(10).fill(200));
  });

  it('does not let a caller without a valid key spend what belongs to another', async () => {
    await start({ TIGERQL_MAX_CALLER_RATE: '1' });
    const strangers = Array.from({ length: 10 }, (_, i) => overHttp('{ __typename }', {}, `unknown-key-${i}`));
    const statuses = (await Promise.all(strangers)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    (await overHttp('{ __typename }', {}, KEYS.READER)).expectData();
  });
});

describe('the deadline', () => {
  it('ends a query over both protocols, and tells those who work for it', async () => {
    await start({ TIGERQL_DEADLINE_MS: '50' });
    const lists = holdLists();
    const answer = await overHttp(LIST.document, LIST.variables);
    expect([answer.status, answer.expectErrors()]).toEqual([504, ['DEADLINE_EXCEEDED']]);
    expect(await codesOverWebSocket(LIST.document, LIST.variables)).toEqual(['DEADLINE_EXCEEDED']);
    expect(lists.signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    lists.release();
  });

  it('does not end a mutation, whose changes stay', async () => {
    await start({ TIGERQL_DEADLINE_MS: '20' });
    const lists = holdLists();
    const { removeItems } = app.services.catalogue;
    app.services.catalogue.removeItems = async (itemIds) => {
      // A query that begins later meets its own deadline meanwhile, so the mutation's has passed.
      expect((await overHttp(LIST.document, LIST.variables)).expectErrors()).toEqual(['DEADLINE_EXCEEDED']);
      return removeItems(itemIds);
    };
    const input = { items: [{ externalId: 'item-1' }] };
    (await overHttp(OPERATIONS['remove-items'], { input }, KEYS.ADMIN)).expectData();
    lists.release();
  });
});

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
    const socket = await openSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const payload = { query: LIST.document, variables: LIST.variables };
    socket.send({ type: 'subscribe', id: '1', payload });
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
