import 'reflect-metadata';

import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('ItemResolver', () => {
  it('takes an explicit null for the default', async () => {
    (await api.reader.execute(OPERATIONS.items, { first: null, after: null, filter: null })).expectData();
    expect(api.callsOf('items')).toEqual([
      [{ first: 20, after: null }, null, { orderBy: null, search: null, removed: false }],
    ]);
  });

  it.each(['remove-items', 'restore-items', 'delete-items'] as const)(
    '%s refuses no items and more than a thousand',
    async (name) => {
      for (const count of [0, 1_001]) {
        const input = { items: new Array(count).fill({ externalId: 'item-1' }) };
        expect((await api.admin.execute(OPERATIONS[name], { input })).expectErrors()).toEqual(['BAD_USER_INPUT']);
      }
    },
  );

  it('lists removed items in an order that the caller names, and counts all of a list', async () => {
    const document = `{
      items(first: 2, removed: true, orderBy: { field: PRICE, direction: DESC }) { nodes { externalId } totalCount }
    }`;
    expect((await api.reader.execute(document)).expectData().items.totalCount).toBe(6);
    const list = { orderBy: { field: 'PRICE', direction: 'DESC' }, search: null, removed: true };
    expect(api.callsOf('items')).toEqual([[{ first: 2, after: null }, null, list]]);
  });

  it('reads the lists of an operation in turn, so that many of them end with their client', async () => {
    (await api.reader.execute('{ a: items { nodes { id } } b: items(removed: true) { nodes { id } } }')).expectData();
    expect(api.callsOf('inTurn').map(([what]) => what)).toEqual(['items', 'items']);
  });

  it("answers an item's interactions with their users, and counts a user's", async () => {
    const document = `{
      item(externalId: "item-1") { interactions(first: 1) { nodes { kind user { externalId interactionCount } } } }
    }`;
    expect((await api.reader.execute(document)).expectData().item.interactions.nodes).toEqual([
      { kind: 'PURCHASE', user: { externalId: 'user-1', interactionCount: 2 } },
    ]);
  });

  it('SimilarItems asks for the items similar to the row that the external ID names', async () => {
    const { item } = (
      await api.reader.execute(OPERATIONS['similar-items'], { externalId: 'item-2', first: 2 })
    ).expectData();
    expect(api.callsOf('similarItems')).toEqual([[2, { first: 2, after: null }]]);
    expect(item).toMatchObject({ id: toGlobalId('Item', 2), semanticId: { text: '<a_1><b_7><c_1>' } });
    expect(item.similarItems.nodes.map(({ externalId }: { externalId: string }) => externalId)).toEqual([
      'item-1',
      'item-3',
    ]);
  });

  it('UpsertItems hands over what came, and forgets what was loaded', async () => {
    const input = { items: [{ externalId: 'new', title: 'New', attributes: { deep: [1] }, embedding: [0.5, 1] }] };
    const { upsertItems } = (await api.admin.execute(OPERATIONS['upsert-items'], { input })).expectData();
    expect(upsertItems.catalogueVersion).toBe(8);
    expect(api.callsOf('upsertItems')).toEqual([[input.items, true, []]]);
    expect(api.callsOf('clearAll')).toHaveLength(1);
  });

  it('UpdateItems hands over only the fields that came', async () => {
    const items = [{ item: { externalId: 'item-2' }, title: 'Other', brand: null }];
    (await api.admin.execute(OPERATIONS['update-items'], { input: { items } })).expectData();
    expect(api.callsOf('updateItems')).toEqual([[[{ itemId: 2, title: 'Other', brand: null }], false, []]]);
  });

  it('RemoveItems hands over what is wrong with ids that are of no item, and answers with that', async () => {
    const input = { items: [{ id: toGlobalId('Item', 1) }, { id: 'nonsense' }, { id: toGlobalId('User', 1) }] };
    const { removeItems } = (await api.admin.execute(OPERATIONS['remove-items'], { input })).expectData();
    expect(removeItems).toEqual({
      items: [null, null, null],
      catalogueVersion: null,
      userErrors: [
        {
          code: 'NOT_FOUND',
          message: 'items.1: expected an item that there is, got "nonsense"',
          field: ['items', '1'],
        },
        {
          code: 'NOT_FOUND',
          message: `items.2: expected an item that there is, got "${input.items[2].id}"`,
          field: ['items', '2'],
        },
      ],
    });
    expect(api.callsOf('removeItems')).toEqual([[[1, 0, 0], removeItems.userErrors]]);
  });
});
