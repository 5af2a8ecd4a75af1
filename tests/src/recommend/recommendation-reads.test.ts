import { RecommendationReads } from '../../../src/recommend/recommendation-reads';
import { activateFakeModel, createTestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('RecommendationReads', () => {
  let opened: TestDatabase;
  let reads: RecommendationReads;
  /** Items a to d cost 1 to 4; c is removed. */
  let ids: Record<string, number>;

  beforeAll(async () => {
    opened = await openTestDatabase();
    await activateFakeModel(opened);
    const { catalogue } = createTestCatalogue(opened);
    reads = new RecommendationReads(opened.database.read);
    const { items } = await catalogue.addItems(
      ['a', 'b', 'c', 'd'].map((externalId, i) => ({ externalId, title: `#${i}.0 ${externalId}`, price: i + 1 })),
      true,
    );
    ids = Object.fromEntries(items.map((item) => [item!.externalId, item!.id]));
    await catalogue.removeItems([ids.c]);
  });
  afterAll(() => opened.dispose());

  it('finds the ids of the items that exist, removed ones included', async () => {
    const found = await reads.itemIdsOf(['c', 'nothing', 'a']);
    expect(found).toEqual(new Map([['a', ids.a], ['c', ids.c]])); // prettier-ignore
  });

  it('finds the live items that pass a filter, ascending', async () => {
    expect(await reads.matchingItemIds({ minPrice: 2 })).toEqual(Int32Array.of(ids.b, ids.d));
    expect(await reads.matchingItemIds({})).toEqual(Int32Array.of(ids.a, ids.b, ids.d));
    expect(await reads.matchingItemIds({ minPrice: 9 })).toEqual(new Int32Array());
  });

  it('looks at the given items alone', async () => {
    expect(await reads.matchingItemIds({ minPrice: 2 }, [ids.d, ids.c, ids.a])).toEqual(Int32Array.of(ids.d));
  });

  it('finds the items under a prefix of the active tokenizer', async () => {
    expect(await reads.matchingItemIds({ semanticIdPrefix: [1] })).toEqual(Int32Array.of(ids.b));
  });
});
