/** What the server refuses so that it can go on serving: too many operations, and those that take too long. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { Admission } from '../../../src/http/admission';
import { KEYS } from '../../support/fake-ports';
import {
  app,
  codesOverWebSocket,
  holdLists,
  LIST,
  nextOf,
  overHttp,
  rawSocket,
  server,
  start,
} from '../../support/limited-server';
import { OPERATIONS } from '../../support/operations';
import { openRaw } from '../../support/raw-connection';

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
    lists.release();
    (await first).expectData();
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
  });

  it('lets an operation wait for its turn before it is read, and again when its body comes late', async () => {
    await start();
    const turns = jest.spyOn(Admission.prototype as unknown as { readingBytes: number; wait(): void }, 'wait');
    const { socket, until } = openRaw(server.url);
    const body = '{"query":"{ __typename }"}';
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const request = `${head}Content-Length: ${body.length}\r\n\r\n`;
    const answers = (count: number) => until((text) => text.split('"__typename":"Query"').length > count);
    socket.write(request + body);
    await answers(1);
    expect(turns).toHaveBeenCalledTimes(1);
    socket.write(request);
    while (turns.mock.contexts[0].readingBytes === 0) await new Promise(setImmediate);
    socket.write(body);
    await answers(2);
    expect(turns).toHaveBeenCalledTimes(3);
    socket.destroy();
    turns.mockRestore();
  });

  it('tells pages of allowed origins that they are refused', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2', ALLOWED_ORIGINS: 'https://shop.example' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    const { status, headers } = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://shop.example' },
      body: '{"query":"{ __typename }"}',
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([503, 'https://shop.example']);
    lists.release();
    await first;
  });

  it('answers /health/live while every place is taken', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '1' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    lists.release();
    await first;
  });

  it('gives the places of requests back that came in one packet, when their connection ends', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '8' });
    const lists = holdLists();
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname);
    const body = JSON.stringify({ query: LIST.document, variables: LIST.variables });
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const all = Promise.all([1, 2, 3, 4].map(() => lists.asked()));
    client.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`.repeat(4));
    await all;
    expect((await overHttp('{ __typename }')).status).toBe(503);
    client.destroy();
    let status = 503;
    while (status === 503) ({ status } = await overHttp('{ __typename }'));
    const own = lists.signals.map((signal) => signal?.aborted);
    expect([status, own]).toEqual([200, [true, true, true, true]]);
    lists.release();
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

  it('counts callers behind a trusted proxy one by one', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2', TIGERQL_TRUSTED_PROXIES: '127.0.0.1' });
    const lists = holdLists();
    const ask = (address: string) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ query: LIST.document, variables: LIST.variables }),
      });
    const asked = lists.asked();
    const first = ask('9.9.9.1');
    await asked;
    expect((await ask('9.9.9.1')).status).toBe(503);
    const second = ask('9.9.9.2');
    lists.release();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
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

  it.each(['/schema.graphql', '/operations', '/metrics', '/', '/assets/none.js', '/no/such/path'])(
    'counts %s too, but no check of health',
    async (path) => {
      await start({ TIGERQL_MAX_CALLER_RATE: '1' });
      const statusOf = async (other: string) => (await fetch(`${server.url}${other}`)).status;
      const refused = async () => (await Promise.all(Array.from({ length: 5 }, () => statusOf(path)))).includes(429);
      while (!(await refused()));
      const checks = ['/health/live', '/health/ready'].flatMap((check) => new Array<string>(5).fill(check));
      expect(await Promise.all(checks.map(statusOf))).toEqual(new Array(10).fill(200));
    },
  );

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
    const input = { itemIds: [Buffer.from('Item:1').toString('base64url')] };
    (await overHttp(OPERATIONS['remove-items'], { input }, KEYS.ADMIN)).expectData();
    lists.release();
  });
});
