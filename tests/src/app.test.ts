import { join } from 'node:path';

import { toGlobalId } from '../../graphql/common/global-id';
import { createApp, type TigerApp } from '../../src/app';
import type { Config } from '../../src/config';
import { type RunningServer, startServer } from '../../src/http/server';
import { testConfig } from '../support/fake-ports';
import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();
const environment = {
  DATABASE_URL: `file:${join(folder, 'shop.db')}`,
  DATA_DIR: folder,
  LOG_LEVEL: 'silent',
  TIGERQL_READ_ACCESS: 'open',
};

let app: TigerApp;
let server: RunningServer;

async function start(config: Config = testConfig(environment)) {
  app = await createApp(config);
  server = await startServer(app, config);
}
afterEach(() => server.close());

// Vectors of the caller's own, so that no text has to be encoded.
const items = [1, 2, 3].map((n) => ({ externalId: `mug-${n}`, title: `Mug ${n}`, embedding: [1, n, 0, 0] }));
const interactions = [
  { eventId: 'a', user: { externalId: 'ada' }, item: { externalId: 'mug-1' } },
  { eventId: 'b', user: { externalId: 'bob' }, item: { externalId: 'mug-2' } },
];

// One story: each start finds what the one before it left.
describe('createApp', () => {
  let adminKey: string;

  it('makes an admin key at the first start, and serves an empty shop', async () => {
    await start();
    adminKey = (await app.openAdminKey())!;
    expect(adminKey).toMatch(/^tql_/);
    expect(await app.ready()).toEqual({ ready: true, reasons: [] });
    const { catalogue } = (await testClient(server.url).execute(OPERATIONS.catalogue)).expectData();
    expect(catalogue).toMatchObject({ version: 0, itemCount: 0, levels: [], collisions: { rate: 0 } });
  });

  it('takes items and interactions of an admin, and recommends to a user what others take', async () => {
    await start();
    expect(await app.openAdminKey()).toBeNull();
    const admin = testClient(server.url, adminKey);
    const { upsertItems } = (await admin.execute(OPERATIONS['upsert-items'], { input: { items } })).expectData();
    expect(upsertItems).toMatchObject({ catalogueVersion: 1, userErrors: [] });
    const recorded = await admin.execute(OPERATIONS['record-interactions'], {
      input: { interactions },
      withRecommendations: true,
    });
    const { users } = recorded.expectData().recordInteractions;
    expect(users.map((user: { externalId: string }) => user.externalId)).toEqual(['ada', 'bob']);
    expect(users[0].recommendations.nodes).toEqual([
      { rank: 1, source: 'TRENDING', item: { id: toGlobalId('Item', 2), externalId: 'mug-2', title: 'Mug 2' } },
      { rank: 2, source: 'POPULARITY', item: { id: toGlobalId('Item', 3), externalId: 'mug-3', title: 'Mug 3' } },
    ]);
  });

  it('finds items by their words, counts what they have, and pages both ways', async () => {
    await start();
    const client = testClient(server.url);
    const found = (await client.execute(OPERATIONS['search-items'], { search: '2 mugs' })).expectData().items;
    expect(found).toMatchObject({
      totalCount: 1,
      nodes: [{ externalId: 'mug-2' }],
      facets: { brands: [], categories: [], availability: [{ value: 'IN_STOCK', count: 1 }] },
    });
    const page = async (variables: object) =>
      (await client.execute(OPERATIONS.items, { search: 'mug', ...variables })).expectData().items;
    const last = await page({ last: 1 });
    const before = await page({ last: 2, before: last.pageInfo.startCursor });
    expect([...before.edges, ...last.edges].map(({ node }) => node.externalId)).toEqual(['mug-1', 'mug-2', 'mug-3']);
    expect(before.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
    for (const [field, wrong] of [
      ['search', { search: 'x'.repeat(201) }],
      ['search', { search: '' }],
      ['last', { last: 101 }],
      ['before', { before: last.pageInfo.startCursor }],
      ['after', { last: 1, after: last.pageInfo.startCursor }],
      ['before', { last: 1, before: last.pageInfo.startCursor, search: null }], // of another list
    ] as const) {
      const { errors } = await client.execute(OPERATIONS.items, Object.assign({ search: 'mug' }, wrong));
      expect(errors![0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [[field]] });
    }
  });

  it('answers each kind of mistake with its code, and changes nothing', async () => {
    await start();
    const admin = testClient(server.url, adminKey);
    const errorsOf = async (operation: string, field: string, input: object) => {
      const data = (await admin.execute(OPERATIONS[operation], { input })).expectData();
      return data[field].userErrors.map(({ code, field: path }: { code: string; field: string[] }) => [
        code,
        path?.join('.'),
      ]);
    };
    const before = (await admin.execute(OPERATIONS.catalogue)).expectData();
    const twice = [
      { externalId: 'new', title: 'A', embedding: [1, 1, 1, 1] },
      { externalId: 'new', title: 'B', embedding: [1, 1, 1, 1] },
    ];
    expect(await errorsOf('upsert-items', 'upsertItems', { items: twice })).toEqual([
      ['DUPLICATE', 'items.1.externalId'],
    ]);
    const wrong = [{ externalId: 'new', title: 'A\0', price: -1, embedding: [1, 1, 1, 1] }];
    for (const atomic of [true, false])
      expect(await errorsOf('upsert-items', 'upsertItems', { items: wrong, atomic })).toEqual([
        ['OUT_OF_RANGE', 'items.0.price'],
        ['INVALID', 'items.0.title'],
      ]);
    const unstorable = [{ user: { externalId: 'ada' }, item: { externalId: '\0' } }];
    expect(await errorsOf('record-interactions', 'recordInteractions', { interactions: unstorable })).toEqual([
      ['INVALID', 'interactions.0.item.externalId'],
    ]);
    const unknown = [{ user: { externalId: 'ada' }, item: { externalId: 'nothing' } }];
    expect(await errorsOf('record-interactions', 'recordInteractions', { interactions: unknown })).toEqual([
      ['NOT_FOUND', 'interactions.0.item'],
    ]);
    expect(await errorsOf('reassign-semantic-ids', 'reassignSemanticIds', { all: true })).toEqual([
      ['NO_LIVE_MODEL', undefined],
    ]);
    const badCursor = await admin.execute(OPERATIONS.items, { after: 'nonsense' });
    expect(badCursor.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect((await admin.execute(OPERATIONS.catalogue)).expectData()).toEqual(before);
  });
});
