import { Popularity } from '../../../src/recommend/popularity';
import { createTestCatalogue, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const DENY_NONE = { allow: null, deny: new Set<number>() };

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
    expect(popularity.coldItems()).toEqual([ids.e]);
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
    expect(popularity.coldItems()).toEqual(fresh.coldItems());
  });
});
