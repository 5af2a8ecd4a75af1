import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { WebSocket } from 'ws';

import { toGlobalId } from '../../../graphql/common/global-id';
import { buildTigerSchema } from '../../../graphql/schema';
import type { TokenSettings } from '../../../src/config';
import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { userPaths } from '../../support/user-paths';

// Each path is asked over a socket of its own.
jest.setTimeout(120_000);

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const bytesOf = (text: string) => new TextEncoder().encode(text);

let app: FakeApp;
let server: RunningServer;

async function start(tokens: Partial<TokenSettings> = { secret: SECRET }) {
  app = createFakeApp('catalogue', tokens);
  // The walk goes deeper than callers usually do.
  server = await startServer(app, testConfig({ TIGERQL_MAX_COST: '10000000', TIGERQL_MAX_DEPTH: '100' }));
}
afterEach(() => {
  jest.restoreAllMocks();
  return server.close();
});

interface Reply {
  readonly data?: unknown;
  readonly codes: readonly unknown[];
}

async function overHttp(document: string, key?: string): Promise<Reply> {
  const { data, errors } = await testClient(server.url, key).execute(document);
  return { data: data ?? undefined, codes: errors.map(({ extensions }) => extensions?.code) };
}

async function overWebSocket(document: string, key?: string): Promise<Reply> {
  const subscription = testClient(server.url, key).subscribe(document);
  try {
    const { data, errors = [] } = await subscription.next();
    return { data: data ?? undefined, codes: errors.map(({ extensions }) => extensions?.code) };
  } finally {
    await subscription.dispose();
  }
}

/** @returns What both protocols answer. */
async function ask(document: string, key?: string): Promise<Reply> {
  const reply = await overHttp(document, key);
  expect(await overWebSocket(document, key)).toEqual(reply);
  return reply;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** A token for five minutes, unless the claims say otherwise. */
function tokenFor(sub?: string, claims: JWTPayload = {}, secret = SECRET, alg = 'HS256'): Promise<string> {
  return new SignJWT({ sub, exp: inSeconds(300), ...claims }).setProtectedHeader({ alg }).sign(bytesOf(secret));
}

const USER = toGlobalId('User', 1);
const ITEM = toGlobalId('Item', 1);
const ARGUMENTS = {
  'Query.user': '(externalId: "user-1")',
  'Query.item': '(externalId: "item-1")',
  'Query.exportUser': '(user: { externalId: "user-1" })',
  'Query.node': `(id: "${ITEM}")`,
  'Query.node(User)': `(id: "${USER}")`,
  'Query.nodes': `(ids: ["${ITEM}"])`,
  'Query.nodes(User)': `(ids: ["${USER}"])`,
  'Query.recommendations': '(history: ["item-1"])',
  'Query.compareVersions': `(modelVersion: "${toGlobalId('ModelVersion', 1)}")`,
  'Query.whyNot': '(user: "user-1", item: "item-1")',
  'Query.semanticIdPrefix': '(codes: [1])',
  'Query.placement': '(name: "home")',
  'Query.previewPlacement': '(name: "home", definition: {}, history: ["item-1"])',
  'Query.experiment': `(id: "${toGlobalId('Experiment', 1)}")`,
  'Query.trainingJob': `(id: "${toGlobalId('TrainingJob', 1)}")`,
  'TrainingJob.curve': '(metric: LOSS)',
  'Mutation.recordInteractions':
    '(input: { interactions: [{ user: { externalId: "user-1" }, item: { externalId: "item-1" } }] })',
  'Mutation.upsertItems': '(input: { items: [{ externalId: "x", title: "x" }] })',
  'Mutation.updateItems': `(input: { items: [{ item: { id: "${ITEM}" } }] })`,
  'Mutation.removeItems': `(input: { items: [{ id: "${ITEM}" }] })`,
  'Mutation.deleteItems': `(input: { items: [{ id: "${ITEM}" }] })`,
  'Mutation.deleteInteractions': '(input: { interactions: [{ eventId: "e" }] })',
  'Mutation.restoreItems': `(input: { items: [{ id: "${ITEM}" }] })`,
  'Mutation.identify': '(input: { visitor: "v", user: { externalId: "user-1" } })',
  'Mutation.eraseUsers': '(input: { users: [{ externalId: "user-1" }] })',
  'Mutation.recordFeedback': '(input: { feedback: [{ listId: "x", item: { externalId: "item-1" }, kind: SHOWN }] })',
  'Mutation.undoDismissals': '(input: { user: { externalId: "user-1" }, items: [{ externalId: "item-1" }] })',
  'Mutation.removePlacement': '(input: { name: "home" })',
  'Mutation.savePlacement': '(input: { name: "home", definition: {} })',
  'Mutation.restorePlacement': '(input: { name: "home", state: 1 })',
  'Mutation.startExperiment':
    '(input: { placement: "home", metric: CLICKED, arms: [{ name: "a", percent: 50 }, { name: "b", percent: 50 }] })',
  'Mutation.promoteArm': `(input: { armId: "${toGlobalId('ExperimentArm', 1)}" })`,
  'Mutation.stopExperiment': `(input: { experimentId: "${toGlobalId('Experiment', 1)}" })`,
  'Mutation.reassignSemanticIds': `(input: { items: [{ id: "${ITEM}" }] })`,
  'Mutation.undoReassignment': '(input: { catalogueVersion: 8 })',
  'Mutation.startTraining': '(input: { preset: TINY })',
  'Mutation.cancelTraining': `(input: { jobId: "${toGlobalId('TrainingJob', 1)}" })`,
  'Mutation.activateModelVersion': `(input: { modelVersionId: "${toGlobalId('ModelVersion', 1)}" })`,
  'Mutation.createApiKey': '(input: { name: "x", role: READER })',
  'Mutation.revokeApiKey': `(input: { apiKeyId: "${toGlobalId('ApiKey', 5)}" })`,
};
/** Without those of `viewer`, which has the caller's own user alone. */
const PATHS = userPaths(buildTigerSchema(), ARGUMENTS).filter(({ name }) => !name.startsWith('Query.viewer.'));

/** Whether there is nothing in the data of a path but nulls and empty lists. */
const tellsNothing = (data: unknown): boolean =>
  data === null || data === undefined || (typeof data === 'object' && Object.values(data).every(tellsNothing));

interface Asked {
  readonly name: string;
  readonly codes: readonly unknown[];
  readonly tellsNothing: boolean;
}

/** Asks every path over both protocols, the socket's all over one socket. @returns One answer a path and protocol. */
async function askAll(key?: string): Promise<Asked[]> {
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
  });
  const client = testClient(server.url, key);
  const asked: Asked[] = [];
  try {
    for (const { name, document, kind } of PATHS) {
      if (kind === 'subscription') throw new Error(`${name}: expected no subscription that leads to users, got one`);
      const results = [await client.execute(document), (await socket.iterate({ query: document }).next()).value!];
      for (const { data, errors = [] } of results) {
        const codes = new Set((errors as readonly GraphQLFormattedError[]).map(({ extensions }) => extensions?.code));
        asked.push({ name, codes: [...codes], tellsNothing: tellsNothing(data) });
      }
    }
  } finally {
    await socket.dispose();
  }
  return asked;
}

describe('every path to a user', () => {
  it('is found from the schema', async () => {
    await start();
    const names = PATHS.map(({ name }) => name);
    for (const name of [
      'Query.node(User).history.nodes.kind',
      'Query.node(Item).interactions.nodes.user.externalId',
      'Query.users.nodes.externalId',
      'Query.recommendations.nodes.item.interactions.nodes.kind',
      'Mutation.recordInteractions.users.recommendations',
    ]) {
      expect(names).toContainEqual(expect.stringContaining(name));
    }
  });

  it('tells nothing without a key, on both protocols', async () => {
    await start();
    const refused = (await askAll()).filter((one) => one.codes.join() !== 'FORBIDDEN' || !one.tellsNothing);
    expect(refused).toEqual([]);
    expect(app.services.calls.map(({ port }) => port)).not.toContain('interactionsWith');
  });

  it('begins at the viewer for the user of a token alone', async () => {
    await start();
    const viewed = async (key?: string) =>
      (await testClient(server.url, key).execute('{ viewer { user { externalId } } }')).expectData().viewer;
    const keys = [undefined, KEYS.ADMIN, await tokenFor('user-2')];
    expect(await Promise.all(keys.map(viewed))).toEqual([
      { user: null },
      { user: null },
      { user: { externalId: 'user-2' } },
    ]);
  });

  it('refuses a list of another user to a token', async () => {
    await start();
    const document = 'query ($user: String!) { recommendations(user: $user) { nodes { rank } } }';
    const codes = async (key: string | undefined, user: string) => {
      const { errors = [] } = await testClient(server.url, key).execute(document, { user });
      return errors.map(({ extensions }) => extensions?.code);
    };
    const token = await tokenFor('user-2');
    const asked = [codes(undefined, 'user-2'), codes(token, 'user-1'), codes(token, 'nobody'), codes(token, 'user-2')];
    expect(await Promise.all(asked)).toEqual([['FORBIDDEN'], ['FORBIDDEN'], ['FORBIDDEN'], []]);
  });

  it('says the same of a user who does not exist', async () => {
    await start();
    const nobody = `{ user(externalId: "nobody") { id } node(id: "${toGlobalId('User', 9999)}") { id } }`;
    const somebody = `{ user(externalId: "user-1") { id } node(id: "${USER}") { id } }`;
    expect(await ask(nobody)).toEqual(await ask(somebody));
  });

  it('is open with a key', async () => {
    await start();
    const asked = await askAll(KEYS.ADMIN);
    expect(asked.filter(({ codes }) => codes.length > 0)).toEqual([]);
    // These fields of the stand-ins are null or empty.
    const silent = asked.filter((one) => one.tellsNothing).map(({ name }) => name.split('.').at(-1));
    expect([...new Set(silent)].sort()).toEqual([]);
  });

  it("is open with the user's own token where it leads to that user alone", async () => {
    await start();
    const asked = await askAll(await tokenFor('user-1'));
    const isOwn = ({ name }: Asked) =>
      /^(Query\.user|Query\.nodes?\(User\)|Mutation\.recordInteractions)\./.test(name) &&
      !name.includes('.interactions.');
    expect(asked.filter((one) => isOwn(one) && (one.codes.length > 0 || one.tellsNothing))).toEqual([]);
    expect(asked.filter((one) => !isOwn(one) && (one.codes.join() !== 'FORBIDDEN' || !one.tellsNothing))).toEqual([]);
  });

  it("tells nothing to another user's token", async () => {
    await start();
    const asked = await askAll(await tokenFor('user-2'));
    const isNull = ({ name }: Asked) => /^Query\.(user|nodes?\(User\))\./.test(name);
    expect(asked.filter((one) => !one.tellsNothing)).toEqual([]);
    expect(asked.filter((one) => one.codes.join() !== (isNull(one) ? '' : 'FORBIDDEN'))).toEqual([]);
  });

  it('leaves the catalogue and lists for a given history to everybody', async () => {
    await start();
    for (const operation of ['catalogue', 'models'] as const) {
      expect((await ask(OPERATIONS[operation])).codes).toEqual([]);
    }
    const list = '{ recommendations(history: ["item-1"], first: 1) { nodes { item { title semanticId { text } } } } }';
    const { codes, data } = await ask(list);
    expect({ codes, data }).toMatchObject({
      codes: [],
      data: { recommendations: { nodes: [{ item: { title: 'Item 3' } }] } },
    });
  });
});

describe('storefront tokens', () => {
  const ME = '{ user(externalId: "user-1") { externalId } }';
  const RECORD = (user: string) =>
    `mutation { recordInteractions(input: { interactions: [{ eventId: "e", user: { externalId: "${user}" }, item: { externalId: "item-1" } }] }) { recorded } }`;

  it('record for their own user, with event IDs of their own', async () => {
    await start();
    const token = await tokenFor('user-1');
    expect((await overHttp(RECORD('user-1'), token)).codes).toEqual([]);
    expect((await overHttp(RECORD('user-2'), token)).codes).toEqual(['FORBIDDEN']);
    const events = app.services.calls.filter(({ port }) => port === 'recordInteractions').map(({ args }) => args[0]);
    expect(events).toMatchObject([[{ eventId: 'e', isOwnEventId: true, userExternalId: 'user-1' }]]);
    expect(app.services.audited.map(({ caller, role, outcome }) => [caller, role, outcome])).toEqual([
      ['storefront user user-1', 'STOREFRONT', 'OK'],
      ['storefront user user-1', 'STOREFRONT', 'FORBIDDEN'],
    ]);
  });

  it('may name a visitor, who is nobody else', async () => {
    await start();
    const token = await tokenFor(undefined, { vis: 'v1' });
    expect((await overHttp(RECORD('visitor/v1'), token)).codes).toEqual([]);
    for (const other of ['user-1', 'v1', 'visitor/v2'])
      expect((await overHttp(RECORD(other), token)).codes).toEqual(['FORBIDDEN']);
    const identify =
      'mutation { identify(input: { visitor: "v1", user: { externalId: "user-1" } }) { joinedInteractions } }';
    expect((await overHttp(identify, token)).codes).toEqual(['FORBIDDEN']);
    expect((await overHttp('{ recommendations(visitor: "v2") { nodes { rank } } }', token)).codes).toEqual(['FORBIDDEN']); // prettier-ignore
    expect((await overHttp('{ recommendations(visitor: "v1") { nodes { rank } } }', token)).codes).toEqual([]);
  });

  it('record what is two days old at most', async () => {
    await start();
    const token = await tokenFor('user-1');
    const record = (days: number) =>
      `mutation { recordInteractions(input: { interactions: [{ user: { externalId: "user-1" }, item: { externalId: "item-1" }, occurredAt: "${new Date(Date.now() - days * 86_400_000).toISOString()}" }] }) { recorded } }`;
    for (const days of [2.1, 1.9]) expect((await overHttp(record(days), token)).codes).toEqual([]);
    const known = app.services.calls.filter(({ port }) => port === 'recordInteractions').map(({ args }) => args[2]);
    expect(known).toMatchObject([[{ code: 'OUT_OF_RANGE', field: ['interactions', '0', 'occurredAt'] }], []]);
  });

  it('change nothing else', async () => {
    await start();
    const token = await tokenFor('user-1');
    const remove = `mutation { removeItems(input: { items: [{ id: "x" }] }) { catalogueVersion } }`;
    const erase = `mutation { eraseUsers(input: { users: [{ externalId: "user-1" }] }) { erasedInteractions } }`;
    for (const document of [remove, erase, '{ apiKeys { nodes { id } } }', '{ auditLog { nodes { at } } }']) {
      expect((await ask(document, token)).codes).toEqual(['FORBIDDEN']);
    }
  });

  it.each<[string, () => Promise<string> | string, string]>([
    [
      'another secret',
      () => tokenFor('user-1', {}, `${SECRET}!`),
      'one that does not hold: signature verification failed',
    ],
    [
      'an end in the past',
      () => tokenFor('user-1', { exp: inSeconds(-60) }),
      'one that does not hold: "exp" claim timestamp check failed',
    ],
    ['no end', () => tokenFor('user-1', { exp: undefined }), 'one that does not hold: missing required "exp" claim'],
    ['no user', () => tokenFor(), 'one without the claim sub or vis'],
    ['a blank user', () => tokenFor(' '), 'one whose sub is no user'],
    ['a visitor for a user', () => tokenFor('visitor/v1'), 'one whose sub is no user'],
    ['a user and a visitor', () => tokenFor('user-1', { vis: 'v1' }), 'one with both sub and vis'],
    ['a user with a NUL', () => tokenFor('a\0b'), 'one whose sub is no user'],
    [
      'no signature (alg none)',
      () => new UnsecuredJWT().setSubject('user-1').setExpirationTime('1m').encode(),
      'one that does not hold: "alg" (Algorithm) Header Parameter value not allowed',
    ],
  ])('are refused with %s', async (_what, make, got) => {
    await start();
    const answer = await testClient(server.url, await make()).execute(ME);
    const message = `authorization: expected a valid storefront token, got ${got}; get a new one`;
    expect([answer.status, answer.errors[0].message]).toEqual([401, message]);
    const subscription = testClient(server.url, await make()).subscribe(ME);
    expect(await subscription.closed).toMatchObject({ code: 4401, reason: `UNAUTHENTICATED ${message}`.slice(0, 123) });
  });

  it('must come from the issuer and be for the audience that are configured', async () => {
    await start({ secret: SECRET, issuer: 'https://shop.example', audience: 'tigerql' });
    const codesOf = async (iss: string, aud: string) =>
      (await overHttp(ME, await tokenFor('user-1', { iss, aud }))).codes;
    expect(await codesOf('https://shop.example', 'tigerql')).toEqual([]);
    expect(await codesOf('https://other.example', 'tigerql')).toEqual(['UNAUTHENTICATED']);
    expect(await codesOf('https://shop.example', 'other')).toEqual(['UNAUTHENTICATED']);
  });

  it('are unknown keys where none are configured', async () => {
    await start({});
    expect((await overHttp(ME, await tokenFor('user-1'))).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('end open sockets when they end', async () => {
    await start();
    const end = inSeconds(3_600);
    const CHANGES = 'subscription { catalogueChanges(after: 6) { version } }';
    const subscription = testClient(server.url, await tokenFor('user-1', { exp: end })).subscribe(CHANGES);
    await subscription.next();
    // The clocks may differ by five seconds.
    jest.spyOn(Date, 'now').mockReturnValue((end + 5) * 1000);
    expect(await subscription.closed).toMatchObject({ code: 4401 });
  });
});

describe('storefront tokens of an issuer with public keys', () => {
  let jwks: Server;
  let jwksUrl: string;
  let keys: object[] = [];
  beforeEach(async () => {
    jwks = createServer((_request, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks.json`;
  });
  afterEach(() => jwks.close());

  const ME = '{ user(externalId: "user-1") { externalId } other: user(externalId: "user-2") { externalId } }';
  const sign = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
    new SignJWT().setProtectedHeader({ alg, kid: 'one' }).setSubject('user-1').setExpirationTime('1m').sign(key);

  it.each(['RS256', 'ES256', 'EdDSA'])('see their user when they are signed with %s', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg }];
    await start({ jwksUrl });
    const reply = await ask(ME, await sign(alg, privateKey));
    expect(reply).toEqual({ codes: [], data: { user: { externalId: 'user-1' }, other: null } });
    const stranger = await generateKeyPair(alg);
    expect((await overHttp(ME, await sign(alg, stranger.privateKey))).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('are refused when the public key was taken for a shared secret', async () => {
    const { publicKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    keys = [{ ...jwk, kid: 'one', alg: 'RS256' }];
    for (const tokens of [{ jwksUrl }, { jwksUrl, secret: SECRET }]) {
      await start(tokens);
      for (const confused of [JSON.stringify(jwk), jwk.n!]) {
        expect((await overHttp(ME, await sign('HS256', bytesOf(confused)))).codes).toEqual(['UNAUTHENTICATED']);
      }
      await server.close();
    }
  });

  it('may be used beside those with the shared secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }];
    await start({ jwksUrl, secret: SECRET });
    for (const token of [await sign('ES256', privateKey), await tokenFor('user-1')]) {
      expect((await ask(ME, token)).codes).toEqual([]);
    }
  });

  it('are to be tried again while the issuer does not answer', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await start({ jwksUrl });
    jwks.close();
    const answer = await testClient(server.url, await sign('ES256', privateKey)).execute(ME);
    expect([answer.status, answer.headers.get('retry-after'), answer.expectErrors()]).toEqual([
      503,
      '5',
      ['OVERLOADED'],
    ]);
    expect(answer.errors[0].extensions).toMatchObject({ retryAfterSeconds: 5 });
    // Clients connect again after 1013, and after 4500 never.
    const socket = testClient(server.url, await sign('ES256', privateKey)).subscribe(ME);
    expect(await socket.closed).toMatchObject({ code: 1013 });
  });
});
