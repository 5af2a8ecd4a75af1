/** A user who is forgotten, with a token that is still valid. */

import { SignJWT } from 'jose';

import { type TestClient, testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith } from '../support/trained-shop';
import { until } from '../support/until';

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const POPULAR = '{ recommendations(history: [], first: 2) { nodes { score item { externalId } } } }';
const TOTALS = '{ catalogue { userCount interactionCount } items(first: 2) { nodes { interactionCount } } }';

const dir = temporaryFolder();
let server: ServerProcess;
let admin: TestClient;
let ann: TestClient;

beforeAll(async () => {
  server = await startServerProcess(dir, { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue' });
  admin = testClient(server.url, ADMIN_KEY);
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('ann').setExpirationTime('5m');
  ann = testClient(server.url, await token.sign(new TextEncoder().encode(SECRET)));
  await mutateWith(admin)('upsert-items', { items: littleItems().slice(0, 2) });
}, 60_000);

afterAll(() => server.stop());

const occurredAt = '2024-01-02T03:04:05Z';
const record = (client: TestClient, userExternalId: string, ...items: string[]) =>
  mutateWith(client)('record-interactions', {
    // Long ago where a key allows it, so that they are popular, not trending: what is trending may be a minute old.
    interactions: items.map((externalId, n) => ({
      ...{
        user: { externalId: userExternalId },
        item: { externalId },
        eventId: `${userExternalId} ${n}`,
        ...(client === admin && { occurredAt }),
      },
    })),
  });
const historyOfAnn = async () =>
  (await ann.execute('{ user(externalId: "ann") { interactionCount } }')).expectData().user;
const mostPopular = async () =>
  (await admin.execute(POPULAR)).expectData().recommendations.nodes[0].item.externalId as string;
const erase = () => mutateWith(admin)('erase-users', { users: [{ externalId: 'ann' }] });
const totals = async () => (await admin.execute(TOTALS)).expectData();

it('shows callers without a key no sales, and no items that were removed', async () => {
  await mutateWith(admin)('upsert-items', { items: [{ ...littleItems()[2], externalId: 'gone', title: 'Gone' }] });
  const { item } = (await admin.execute('{ item(externalId: "gone") { id } }')).expectData();
  await mutateWith(admin)('remove-items', { items: [item] });
  const document = `query Look($id: ID!) {
    catalogue { itemCount userCount interactionCount }
    items(first: 1) { nodes { interactionCount } }
    gone: item(externalId: "gone") { title }
    node(id: $id) { id }
  }`;
  const seen = {
    admin: {
      catalogue: { itemCount: 2, userCount: 0, interactionCount: 0 },
      items: { nodes: [{ interactionCount: 0 }] },
      gone: { title: 'Gone' },
      node: item,
    },
    visitor: {
      catalogue: { itemCount: 2, userCount: null, interactionCount: null },
      items: { nodes: [{ interactionCount: null }] },
      gone: null,
      node: null,
    },
  };
  const removed = '{ items(removed: true) { nodes { externalId } } }';
  expect((await admin.execute(document, item)).expectData()).toEqual(seen.admin);
  expect((await admin.execute(removed)).expectData().items.nodes).toEqual([{ externalId: 'gone' }]);
  for (const client of [ann, testClient(server.url)]) {
    expect((await client.execute(document, item)).expectData()).toEqual(seen.visitor);
    expect((await client.execute(removed)).expectErrors()).toEqual(['FORBIDDEN']);
  }
});

it('is gone from all that is read', async () => {
  await record(admin, 'ann', 'item-0', 'item-0');
  await record(admin, 'bob', 'item-1');
  expect([await historyOfAnn(), await mostPopular()]).toEqual([{ interactionCount: 2 }, 'item-0']);
  expect((await totals()).catalogue).toEqual({ userCount: 2, interactionCount: 3 });
  expect(await erase()).toMatchObject({ erasedExternalIds: ['ann'], erasedInteractions: 2 });
  expect(await historyOfAnn()).toBeNull();
  expect(await totals()).toEqual({
    catalogue: { userCount: 1, interactionCount: 1 },
    items: { nodes: [{ interactionCount: 0 }, { interactionCount: 1 }] },
  });
  await until(async () => (await mostPopular()) === 'item-1');
});

it('is somebody new with a token that is still valid, and can be erased again', async () => {
  await record(ann, 'ann', 'item-0');
  expect(await historyOfAnn()).toEqual({ interactionCount: 1 });
  expect(await erase()).toMatchObject({ erasedExternalIds: ['ann'], erasedInteractions: 1 });
  expect(await erase()).toMatchObject({ erasedExternalIds: [], unknownExternalIds: ['ann'], userErrors: [] });
  expect(await historyOfAnn()).toBeNull();
  const { auditLog } = (await admin.execute(OPERATIONS['audit-log'])).expectData();
  expect(JSON.stringify(auditLog)).not.toMatch(/\bann\b/);
  expect(JSON.stringify(auditLog)).toContain('erased storefront user');
});
