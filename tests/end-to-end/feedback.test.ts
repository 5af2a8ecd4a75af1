/** Feedback about a list that one server gets is in force on another one of the same database in the next request. */

import { SignJWT } from 'jose';

import { type TestClient, testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith } from '../support/trained-shop';
import { until } from '../support/until';

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const LIST = `query($since: DateTime) { user(externalId: "ann") {
  recommendations(first: 3, placement: "home/top", options: { includeSeen: true, excludeShownSince: $since }) {
    listId nodes { item { externalId } }
  }
  dismissedItems { nodes { externalId } }
} }`;

const dir = temporaryFolder();
let servers: ServerProcess[];
let admin: TestClient;
/** The browser of a user, at each of the servers. */
let ann: TestClient[];

beforeAll(async () => {
  const environment = { TIGERQL_JWT_SECRET: SECRET, TIGERQL_READ_ACCESS: 'catalogue' };
  servers = [await startServerProcess(dir, environment)];
  servers.push(await startServerProcess(dir, environment));
  admin = testClient(servers[0].url, ADMIN_KEY);
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('ann').setExpirationTime('5m');
  const key = await token.sign(new TextEncoder().encode(SECRET));
  ann = servers.map(({ url }) => testClient(url, key));
  await mutateWith(admin)('upsert-items', { items: littleItems().slice(0, 4) });
  const interactions = [{ user: { externalId: 'ann' }, item: { externalId: 'item-3' } }];
  await mutateWith(admin)('record-interactions', { interactions });
  // Items reach the other server within a second; feedback is in force at once.
  await until(async () => (await listAt(1)).items[0] === 'item-3');
}, 120_000);

afterAll(() => Promise.all(servers.map((server) => server.stop())));

const listAt = async (server: number, since?: Date) => {
  const { recommendations, dismissedItems } = (await ann[server].execute(LIST, { since })).expectData().user;
  const ids = (items: { externalId: string }[]) => items.map(({ externalId }) => externalId);
  return {
    listId: recommendations.listId as string,
    items: ids(recommendations.nodes.map(({ item }: { item: { externalId: string } }) => item)),
    dismissed: ids(dismissedItems.nodes),
  };
};
const report = (server: number, listId: string, kind: string, ...items: string[]) =>
  mutateWith(ann[server])('record-feedback', {
    feedback: items.map((externalId) => ({ listId, item: { externalId }, kind })),
  });

it('leaves out what was dismissed at another server, until it is taken back', async () => {
  const { listId, items } = await listAt(0);
  expect(items).toEqual(['item-3', 'item-2', 'item-1']);
  expect(await report(1, listId, 'DISMISSED', 'item-2')).toEqual({ recorded: 1, userErrors: [] });
  expect(await listAt(0)).toMatchObject({ items: ['item-3', 'item-1', 'item-0'], dismissed: ['item-2'] });
  const undone = await mutateWith(ann[0])('undo-dismissals', {
    user: { externalId: 'ann' },
    items: [{ externalId: 'item-2' }],
  });
  expect(undone).toEqual({ undone: 1, userErrors: [] });
  expect(await listAt(1)).toMatchObject({ items: ['item-3', 'item-2', 'item-1'], dismissed: [] });
});

it('leaves out what was shown, where a request asks for that', async () => {
  const since = new Date(Date.now() - 60_000);
  const { listId, items } = await listAt(1, since);
  await report(0, listId, 'SHOWN', ...items);
  expect((await listAt(1, since)).items).toEqual(['item-0']);
  expect((await listAt(1, new Date(Date.now() + 60_000))).items).toEqual(items);
});

it('counts the lists of a placement, for whoever may read', async () => {
  await report(1, (await listAt(1)).listId, 'CLICKED', 'item-1');
  const { placements } = (await admin.execute(OPERATIONS.placements)).expectData();
  expect(placements).toMatchObject([{ name: 'home/top', figures: [{ modelVersion: null, lists: 3 }] }]);
  expect(placements[0].figures[0]).toMatchObject({
    clicked: { count: 1 },
    dismissed: { count: 1 },
    purchased: { count: 0 },
  });
  expect((await ann[0].execute(OPERATIONS.placements)).expectErrors()).toEqual(['FORBIDDEN']);
});
