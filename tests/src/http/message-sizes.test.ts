/** The limits on the size of requests, answers and subscriptions. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { KEYS } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { app, codesOverWebSocket, open, overHttp, rawSocket, server, start } from '../../support/limited-server';
import { OPERATIONS } from '../../support/operations';
import { openRaw } from '../../support/raw-connection';

describe('the size of messages', () => {
  const LONG = { query: '{ __typename }', extensions: { filler: 'x'.repeat(100_000) } };
  const post = (key?: string, body: string = JSON.stringify(LONG)) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body,
    });

  it('depends on the role of the caller', async () => {
    await start();
    const statuses = [undefined, KEYS.READER, KEYS.WRITER, KEYS.ADMIN].map(async (key) => (await post(key)).status);
    expect(await Promise.all(statuses)).toEqual([413, 413, 200, 200]);
  });

  it('does not fail for JSON that is nested 5,000 deep, over both protocols', async () => {
    await start();
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    const payload = `{"query":"query ($n: Int) { items(first: $n) { nodes { id } } }","variables":{"n":${deep}}}`;
    const response = await post(undefined, payload);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('BAD_USER_INPUT')]);
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
    expect(String((await once(socket, 'message'))[0])).toContain('BAD_USER_INPUT');
  });

  it('has a limit for all requests that are being read together', async () => {
    await start({ TIGERQL_MAX_READING_BYTES: '2000' });
    const connections = Array.from({ length: 3 }, () => openRaw(server.url));
    open.push(...connections.map(({ socket }) => ({ dispose: () => socket.destroy() })));
    const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length:';
    const [whole, ...slow] = connections;
    for (const { socket } of slow) socket.write(`${head} 1990\r\n\r\n{`);
    const refused = slow.map(({ until }) => until((text) => text.includes('OVERLOADED')));
    expect(await Promise.race(refused)).toMatch(/^HTTP\/1\.1 503 /);
    // What is here already need not be waited for.
    const body = '{"query":"{ __typename }"}';
    whole.socket.write(`${head} ${body.length}\r\n\r\n${body}`);
    expect(await whole.until((text) => text.includes('"data"'))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('refuses an answer that is too long, over both protocols', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '1000' });
    const fields = Array.from({ length: 40 }, (_, i) => `a${i}: item(externalId: "item-1") { title attributes }`);
    const document = `{ ${fields.join(' ')} }`;
    const answer = await overHttp(document);
    expect([answer.data ?? null, answer.expectErrors()]).toEqual([null, ['ANSWER_TOO_LARGE']]);
    expect([answer.status, (await overHttp(document)).status]).toEqual([400, 400]);
    expect(await codesOverWebSocket(document)).toEqual(['ANSWER_TOO_LARGE']);
    (await overHttp('{ item(externalId: "item-1") { title } }')).expectData();
  });
});

describe('the size of the answer of a mutation', () => {
  it('is told as a change that was made, with its version', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '1000' });
    const changes = Array.from({ length: 20 }, (_, i) => `a${i}: changes { before after }`);
    const payload = `{ catalogueVersion ${changes.join(' ')} }`;
    const document = `mutation { reassignSemanticIds(input: { all: true }) ${payload} }`;
    const answer = await overHttp(document, {}, KEYS.ADMIN);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringMatching('what the mutation changed stays changed'),
        extensions: { code: 'ANSWER_TOO_LARGE', catalogueVersions: [8] },
      },
    ]);
    const subscription = testClient(server.url, KEYS.ADMIN).subscribe(document);
    open.push(subscription);
    expect((await subscription.next()).errors).toMatchObject(answer.errors);
  });
});

describe('answers that nobody reads', () => {
  it('are limited for one caller, over both protocols, until their connections close', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '16000000' });
    const { item } = app.services.catalogue;
    const title = 'x'.repeat(15_000_000);
    app.services.catalogue.item = async (externalId) => ({ ...(await item(externalId))!, title });
    const document = '{ item(externalId: "item-1") { title } }';
    const { hostname, port } = new URL(server.url);
    const path = `/graphql?query=${encodeURIComponent(document)}`;
    const clients = Array.from({ length: 5 }, () => connect(Number(port), hostname));
    for (const client of clients) {
      open.push({ dispose: () => client.destroy() });
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nApollo-Require-Preflight: 1\r\n\r\n`);
      await once(client, 'readable');
    }
    const refused = await overHttp(document);
    expect([refused.status, refused.expectErrors()]).toEqual([503, ['OVERLOADED']]);
    expect(await codesOverWebSocket(document)).toEqual(['OVERLOADED']);
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
    clients.forEach((client) => client.destroy());
    let codes: unknown = ['OVERLOADED'];
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(document);
    expect(codes).toEqual([]);
  });

  it('are limited on sockets too', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '16000000' });
    const { item } = app.services.catalogue;
    const title = 'x'.repeat(15_000_000);
    app.services.catalogue.item = async (externalId) => ({ ...(await item(externalId))!, title });
    const document = '{ item(externalId: "item-1") { title } }';
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    for (let id = 0; id < 6; id++)
      socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query: document } }));
    socket.pause();
    let codes: unknown = [];
    while (String(codes) === '') codes = await codesOverWebSocket(document);
    expect(codes).toEqual(['OVERLOADED']);
    socket.terminate();
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(document);
    expect(codes).toEqual([]);
  });
});

describe('the size of a subscription', () => {
  it('has a limit, since its document is kept until it ends', async () => {
    await start();
    const fields = '... { version @include(if: true) } ... { kind @include(if: true) } '.repeat(20);
    expect(await codesOverWebSocket(`subscription { catalogueChanges { ${fields} } }`)).toEqual(['QUERY_TOO_LARGE']);
    expect(await codesOverWebSocket(OPERATIONS['training-progress'])).toEqual([]);
  });
});
