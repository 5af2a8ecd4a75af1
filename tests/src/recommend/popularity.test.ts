import { KnownItems } from '../../../models/checkpoint/known-items';
import { Popularity } from '../../../src/recommend/popularity';
import { createTestCatalogue, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const DENY_NONE = { allow: null, deny: new Set<number>() };
const knowing = (...itemIds: number[]) => KnownItems.from(Int32Array.from(itemIds));

describe('Popularity', () => {
  let opened: TestDatabase;
  let test: TestCatalogue;
  let ids: Record<string, number>;

  beforeAll(async () => {
    opened = await openTestDatabase();
    test = createTestCatalogue(opened);
    const { items } = await test.catalogue.addItems(
      ['a', 'b', 'c', 'd', 'e'].map((externalId) => ({ externalId, title: externalId })),
      true,
    );
    ids = Object.fromEntries(items.map((item) => [item!.externalId, item!.id]));
    const events = ['b', 'a', 'b', 'c', 'b'].map((itemExternalId, i) => ({
      userExternalId: i < 4 ? 'u' : 'v',
      itemExternalId,
      kind: 'PURCHASE' as const,
      occurredAt: new Date(10_000 * i),
    }));
    events.push({ userExternalId: 'u', itemExternalId: 'd', kind: 'PURCHASE', occurredAt: new Date(1) });
    await test.catalogue.recordInteractions(events);
  });
  afterAll(() => opened.dispose());

  it('ranks by interactions, and of equal items the older first', () => {
    const { popularity } = test;
    expect(popularity.top({ ...DENY_NONE, first: 3 })).toEqual([
      { itemId: ids.b, share: 3 / 6 },
      { itemId: ids.a, share: 1 / 6 },
      { itemId: ids.c, share: 1 / 6 },
    ]);
    const allow = new Set([ids.b, ids.c, ids.e]);
    const some = popularity.top({ allow, deny: new Set([ids.b]), first: 9 });
    expect(some.map(({ itemId }) => itemId)).toEqual([ids.c, ids.e]);
  });

  it('has the same counts as a fresh reading of the database after additions, removals and interactions', async () => {
    await test.catalogue.recordInteractions([{ userExternalId: 'w', itemExternalId: 'e', kind: 'VIEW' }]);
    await test.catalogue.removeItems([ids.b]);
    await test.catalogue.recordInteractions([{ userExternalId: 'w', itemExternalId: 'b', kind: 'VIEW' }]);
    await test.catalogue.removeItems([ids.a]);
    await test.catalogue.addItems(
      [
        { externalId: 'a', title: 'again' },
        { externalId: 'f', title: 'f' },
      ],
      true,
    );
    const fresh = new Popularity();
    await fresh.load(opened.database.read);
    const { popularity } = test;
    expect(popularity.top({ ...DENY_NONE, first: 9 })).toEqual(fresh.top({ ...DENY_NONE, first: 9 }));
    const known = knowing(ids.c);
    expect(popularity.coldItems(known)).toEqual(fresh.coldItems(known));
  });

  it('finds the live items that a model has not learned, ascending, whether they were bought or not', async () => {
    const { popularity } = test;
    const known = knowing(ids.d, ids.c, -1, -2);
    const unknown = popularity
      .top({ ...DENY_NONE, first: 99 })
      .map(({ itemId }) => itemId)
      .sort((a, b) => a - b)
      .filter((itemId) => itemId !== ids.c && itemId !== ids.d);
    expect(unknown).toContain(ids.e); // it was bought, but after all that the model has learned
    expect(popularity.coldItems(known)).toEqual(unknown);
    const others = knowing(...unknown);
    expect(popularity.coldItems(others)).toEqual([ids.c, ids.d]);
    await test.catalogue.recordInteractions([{ userExternalId: 'y', itemExternalId: 'd', kind: 'VIEW' }]);
    expect([popularity.coldItems(known), popularity.coldItems(others)]).toEqual([unknown, [ids.c, ids.d]]);
  });

  it('follows additions and removals in the cold items of each model', async () => {
    const { popularity } = test;
    const models = [knowing(ids.c), knowing(ids.d)];
    const coldItems = () => models.map((known) => popularity.coldItems(known));
    const before = coldItems();
    const { items } = await test.catalogue.addItems([{ externalId: 'fresh', title: 'fresh' }], true);
    const fresh = items[0]!.id;
    expect(coldItems()).toEqual(before.map((itemIds) => [...itemIds, fresh]));
    await test.catalogue.removeItems([ids.e, fresh]);
    expect(coldItems()).toEqual(before.map((itemIds) => itemIds.filter((itemId) => itemId !== ids.e)));
    await test.catalogue.restoreItems([ids.e]);
    expect(coldItems()).toEqual(before);
  });
});
