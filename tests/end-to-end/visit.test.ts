/** A visit over two servers of one database: from the first list that a visitor sees to what the list has earned. */

import { SignJWT } from 'jose';

import { type TestClient, testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith } from '../support/trained-shop';

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const HOUR_MS = 3_600_000;
const HISTORY = '{ viewer { user { externalId history { nodes { kind item { externalId } } } } } }';

const dir = temporaryFolder();
let servers: ServerProcess[];
let admins: TestClient[];

beforeAll(async () => {
  const environment = { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue', TIGERQL_DEMO: 'false' };
  servers = [await startServerProcess(dir, environment)];
  servers.push(await startServerProcess(dir, environment));
  admins = servers.map(({ url }) => testClient(url, ADMIN_KEY));
  await mutateWith(admins[0])('upsert-items', { items: littleItems().slice(0, 16) });
}, 120_000);

afterAll(() => Promise.all(servers.map((server) => server.stop())));

const browser = async (server: number, claims: { sub?: string; vis?: string }) => {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m');
  return testClient(servers[server].url, await token.sign(new TextEncoder().encode(SECRET)));
};
const listFor = async (client: TestClient, variables: object) => {
  const asked = { placement: 'home/top', first: 3, ...variables };
  const { recommendations } = (await client.execute(OPERATIONS.recommendations, asked)).expectData();
  const items = recommendations.nodes.map(({ item }: { item: { externalId: string } }) => item.externalId) as string[];
  return { listId: recommendations.listId as string, reason: recommendations.reason as string, items };
};
const report = (client: TestClient, listId: string, ...entries: object[]) =>
  mutateWith(client)('record-feedback', { feedback: entries.map((entry) => ({ listId, ...entry })) });
const on = (externalId: string, kind: string, more = {}) => ({ item: { externalId }, kind, ...more });
const event = (user: string, item: string, more = {}) => ({
  ...{ user: { externalId: user }, item: { externalId: item }, ...more },
});
const record = (client: TestClient, ...interactions: object[]) =>
  mutateWith(client)('record-interactions', { interactions });
const figuresOf = async (server: number, name: string) => {
  const { placements } = (await admins[server].execute(OPERATIONS.placements)).expectData();
  return placements.find((placement: { name: string }) => placement.name === name)?.figures[0];
};

it('takes a visitor from a list over its items and a login to a purchase, and counts each once', async () => {
  const visitor = await browser(0, { vis: 'v1' });
  const { listId, items } = await listFor(visitor, { visitor: 'v1' });
  await report(visitor, listId, ...items.map((item) => on(item, 'SHOWN')), on(items[0], 'CLICKED'));
  const view = (user: string) => event(user, items[0], { kind: 'VIEW', eventId: 'view-1' });
  expect(await record(visitor, view('visitor/v1'))).toMatchObject({ recorded: 1 });
  await report(visitor, listId, on(items[0], 'CART'));
  expect((await visitor.execute(HISTORY)).expectData().viewer.user).toEqual({
    externalId: 'visitor/v1',
    history: { nodes: [{ kind: 'VIEW', item: { externalId: items[0] } }] },
  });

  // The shop's server retries, and reaches another server at the same time.
  const login = { visitor: 'v1', user: { externalId: 'ann' } };
  const identified = await Promise.all(admins.map((admin) => mutateWith(admin)('identify', login)));
  expect(identified.map(({ joinedInteractions }) => joinedInteractions).sort()).toEqual([0, 1]);
  expect(await mutateWith(admins[1])('identify', login)).toMatchObject({ joinedInteractions: 0, userErrors: [] });

  // The page sends again what it had no answer to, with the user's token and with the former one.
  const ann = await browser(1, { sub: 'ann' });
  expect(await record(ann, view('ann'))).toMatchObject({ recorded: 0 });
  expect(await record(visitor, view('visitor/v1'))).toMatchObject({ recorded: 0 });
  expect((await ann.execute(HISTORY)).expectData().viewer.user).toMatchObject({
    externalId: 'ann',
    history: { nodes: [{ kind: 'VIEW', item: { externalId: items[0] } }] },
  });

  const bought = on(items[0], 'PURCHASED', { eventId: 'order-1', value: 12.5, currency: 'EUR', quantity: 2 });
  for (const server of [0, 1])
    expect(await report(await browser(server, { sub: 'ann' }), listId, bought)).toMatchObject({ userErrors: [] });
  expect(await figuresOf(0, 'home/top')).toMatchObject({
    lists: 1,
    clicked: { count: 1, share: 1 },
    cart: { count: 1 },
    purchased: { count: 1 },
    revenue: [{ currency: 'EUR', quantity: 2, total: 12.5, perList: 12.5 }],
    coverage: { count: 3, share: 3 / 16 },
  });
});

it('counts a purchase that the shop records for the list that had shown the item, whichever is told first', async () => {
  const bob = await browser(0, { sub: 'bob' });
  const { listId, items } = await listFor(bob, { user: 'bob', placement: 'cart' });
  await record(admins[1], event('bob', items[1], { eventId: 'order-2' }));
  expect(await figuresOf(1, 'cart')).toBeUndefined();
  await report(bob, listId, on(items[1], 'SHOWN'));
  expect(await figuresOf(1, 'cart')).toMatchObject({ lists: 1, clicked: { count: 0 }, purchased: { count: 1 } });
  const erased = await mutateWith(admins[0])('erase-users', { users: [{ externalId: 'ann' }, { externalId: 'bob' }] });
  expect(erased.erasedExternalIds).toEqual(['ann', 'bob', 'visitor/v1']);
});

it('leaves out what was dismissed or shown at another server, until it is taken back', async () => {
  const [here, there] = await Promise.all([0, 1].map((server) => browser(server, { sub: 'cat' })));
  const { listId, items } = await listFor(here, { user: 'cat' });
  await report(there, listId, on(items[1], 'DISMISSED'), on(items[0], 'SHOWN'));
  const options = { excludeShownSince: new Date(Date.now() - HOUR_MS) };
  expect((await listFor(here, { user: 'cat', options })).items).toEqual([
    items[2],
    expect.anything(),
    expect.anything(),
  ]);
  expect((await listFor(here, { user: 'cat' })).items.slice(0, 2)).toEqual([items[0], items[2]]);
  const undo = { user: { externalId: 'cat' }, items: [{ externalId: items[1] }] };
  expect(await mutateWith(there)('undo-dismissals', undo)).toEqual({ undone: 1, userErrors: [] });
  expect((await listFor(here, { user: 'cat' })).items).toEqual(items);
  expect((await here.execute(OPERATIONS.placements)).expectErrors()).toEqual(['FORBIDDEN']);
});
