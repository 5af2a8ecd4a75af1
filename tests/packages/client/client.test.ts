/** The shop's client against a real server: tokens that end, servers that have too much to do or are away, pages that go. */

import { SignJWT } from 'jose';

import {
  RecommendationsDocument,
  SearchItemsDocument,
  TigerqlClient,
  type TigerqlError,
  TrendingDocument,
  ViewerDocument,
} from '../../../packages/client/src/index';
import { testClient, type TestClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../../support/server-process';
import { temporaryFolder } from '../../support/temporary-folder';
import { openTrainedShop } from '../../support/trained-shop';

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const ENVIRONMENT = { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue' };

const dir = temporaryFolder();
let server: ServerProcess;
let admin: TestClient;
const page = new EventTarget();
const requests = jest.spyOn(globalThis, 'fetch');

beforeAll(async () => {
  await openTrainedShop(dir);
  server = await startServerProcess(dir, ENVIRONMENT);
  admin = testClient(server.url, ADMIN_KEY);
  Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
}, 120_000);

afterAll(() => server.stop());

beforeEach(() => requests.mockClear());

const tokenOf = (claims: { vis?: string; sub?: string }, ends = '5m') =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(ends)
    .sign(new TextEncoder().encode(SECRET));
const clientOf = (token: () => Promise<string>, more = {}) =>
  new TigerqlClient({ url: `${server.url}/graphql`, token, onFeedbackError: (error) => errors.push(error), ...more });
const visitorClient = (vis: string, more = {}) => clientOf(() => tokenOf({ vis }), more);
const errors: unknown[] = [];
const codeOf = (work: Promise<unknown>) => work.then(() => null, ({ code }: TigerqlError) => code); // prettier-ignore

const listOf = async (client: TigerqlClient, visitor: string, placement: string) => {
  const variables = { visitor, placement, first: 3 };
  const { recommendations } = await client.request(RecommendationsDocument, variables);
  const items = recommendations.nodes.map(({ item }) => item.externalId);
  return { listId: recommendations.listId!, items };
};
const figuresOf = async (name: string) => {
  const { placements } = (await admin.execute(OPERATIONS.placements)).expectData();
  return placements.find((placement: { name: string }) => placement.name === name)?.figures[0];
};

it('searches, lists and records for a visitor, and leaves out what the visitor dismisses', async () => {
  const client = visitorClient('ann');
  const filter = { categories: ['family 2'] };
  const { items } = await client.request(SearchItemsDocument, { search: 'item', filter, first: 2 });
  expect(items).toMatchObject({ totalCount: 12, nodes: [{ title: 'Item 2', price: 3 }, {}] });
  expect((await client.request(TrendingDocument, { first: 2 })).trending.nodes).toHaveLength(2);

  let refreshes = 0;
  client.onRefresh(() => refreshes++);
  const view = { user: { externalId: 'visitor/ann' }, item: { externalId: 'item-2' }, kind: 'VIEW' } as const;
  await client.record(view);
  const { viewer } = await client.request(ViewerDocument, {});
  expect(viewer.user).toMatchObject({ externalId: 'visitor/ann', recentlyViewed: [{ externalId: 'item-2' }] });
  expect(refreshes).toBe(1);

  const list = await listOf(client, 'ann', 'client/dismissed');
  const renewed = new Promise<void>((resolve) => client.onRefresh(resolve));
  client.report({ listId: list.listId, item: { externalId: list.items[0] }, kind: 'DISMISSED' });
  await renewed;
  expect((await listOf(client, 'ann', 'client/dismissed')).items).not.toContain(list.items[0]);
});

it('sends the feedback of a page in one request, and that of a page that goes with its last breath', async () => {
  const client = visitorClient('bob');
  const { listId, items } = await listOf(client, 'bob', 'client/pages');
  requests.mockClear();
  for (const externalId of items) client.report({ listId, item: { externalId }, kind: 'SHOWN' });
  await client.flush();
  expect(requests).toHaveBeenCalledTimes(1);
  client.report({ listId, item: { externalId: items[1] }, kind: 'CLICKED' });
  page.dispatchEvent(new Event('pagehide'));
  expect(requests).toHaveBeenCalledTimes(2);
  expect(requests.mock.lastCall?.[1]).toMatchObject({ keepalive: true });
  await requests.mock.results[1].value;
  expect(await figuresOf('client/pages')).toMatchObject({
    lists: 1,
    clicked: { count: 1 },
    coverage: { count: items.length },
  });
  expect(errors).toEqual([]);
});

it('tells of feedback that the server refuses, and sends the rest', async () => {
  const client = visitorClient('cat');
  const { listId, items } = await listOf(client, 'cat', 'client/refused');
  client.report({ listId: 'made up', item: { externalId: items[0] }, kind: 'SHOWN' });
  client.report({ listId, item: { externalId: items[0] }, kind: 'SHOWN' });
  await client.flush();
  expect(errors.splice(0)).toMatchObject([{ code: 'INVALID' }]);
  expect(await figuresOf('client/refused')).toMatchObject({ lists: 1 });
});

it('renews a token that has ended, once for all requests that wait', async () => {
  const ends = ['-1h', '5s', '5m', '5m'];
  const token = jest.fn(() => tokenOf({ vis: 'dan' }, ends.shift()!));
  const client = clientOf(token);
  // The first is refused, and the second ends too soon to be sent again.
  await client.request(ViewerDocument, {});
  expect(token).toHaveBeenCalledTimes(2);
  await Promise.all([listOf(client, 'dan', 'a'), listOf(client, 'dan', 'b')]);
  expect(token).toHaveBeenCalledTimes(3);

  const stranger = clientOf(async () => `${await tokenOf({ vis: 'dan' })}x`);
  expect(await codeOf(stranger.request(ViewerDocument, {}))).toBe('UNAUTHENTICATED');
  const homeless = clientOf(() => Promise.reject(new Error('the shop is closed')), { attempts: 1 });
  expect(await codeOf(homeless.request(ViewerDocument, {}))).toBe('NO_TOKEN');
});

it('waits as long as a server says that has had too much', async () => {
  const limited = await startServerProcess(dir, { ...ENVIRONMENT, TIGERQL_MAX_CALLER_RATE: '2' });
  const url = `${limited.url}/graphql`;
  const ask = (client: TigerqlClient) => codeOf(client.request(TrendingDocument, { first: 1 }));
  const impatient = visitorClient('eve', { url, attempts: 1 });
  const codes = await Promise.all(Array.from({ length: 6 }, () => ask(impatient)));
  expect(codes).toContain('TOO_MANY_OPERATIONS');
  expect(await ask(visitorClient('eve', { url, attempts: 5 }))).toBeNull();
  await limited.stop();
});

it('keeps what it had while the server is away, and sends its feedback afterwards', async () => {
  const client = visitorClient('fay', { attempts: 1 });
  const variables = { visitor: 'fay', placement: 'client/away', first: 3 };
  const before = await client.latest(RecommendationsDocument, variables);
  const { listId, nodes } = before.data.recommendations;
  expect(before.isStale).toBe(false);
  const { port } = new URL(server.url);
  await server.kill();
  expect(await client.latest(RecommendationsDocument, variables)).toEqual({ ...before, isStale: true });
  expect(await codeOf(client.latest(RecommendationsDocument, { ...variables, first: 4 }))).toBe('NETWORK');
  client.report({ listId: listId!, item: { externalId: nodes[0].item.externalId }, kind: 'SHOWN' });
  await client.flush();
  expect(errors.splice(0)).toMatchObject([{ code: 'NETWORK' }]);
  server = await startServerProcess(dir, { ...ENVIRONMENT, PORT: port });
  await client.flush();
  expect(await figuresOf('client/away')).toMatchObject({ lists: 1 });
});
