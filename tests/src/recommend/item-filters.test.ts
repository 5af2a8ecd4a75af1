import type { ListFilter } from '../../../src/catalogue/item-lists';
import { ItemFilters, matchingItemIds } from '../../../src/recommend/item-filters';
import { createTestCatalogue, emptyTables, type TestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

/** Reads the database, and notes what was asked; an error stands for a database that does not answer. */
class WatchedReads {
  readonly asked: { readonly filter: ListFilter; readonly among: readonly number[] | undefined }[] = [];
  error: Error | null = null;

  readonly find: typeof matchingItemIds = async (client, filter, among) => {
    this.asked.push({ filter, among });
    if (this.error !== null) throw this.error;
    return matchingItemIds(client, filter, among);
  };
}

describe('ItemFilters', () => {
  const opened = useTestDatabase();
  let test: TestCatalogue;
  let reads: WatchedReads;
  let filters: ItemFilters;
  /** Items a, b and c cost 1, 2 and 3. */
  let ids: number[];
  beforeEach(async () => {
    await emptyTables(opened);
    test = createTestCatalogue(opened);
    reads = new WatchedReads();
    filters = new ItemFilters(opened.database.read, test.popularity, reads.find);
    ids = await add('a', 'b', 'c');
  });

  async function add(...externalIds: string[]): Promise<number[]> {
    const items = externalIds.map((externalId, i) => ({ externalId, title: externalId, price: i + 1 }));
    return (await test.catalogue.upsertItems(items, true)).items.map((item) => item!.id);
  }

  const followLast = () => filters.follow(test.commits.at(-1)!);
  const passing = async (filter: ListFilter, oncePerGroup = true) => (await filters.passing(filter, oncePerGroup))!;
  const idsOf = async (filter: ListFilter) => [...(await passing(filter)).itemIds];

  it('asks the database once for equal filters, in whatever order their fields stand', async () => {
    const first = await passing({ minPrice: 2, brands: null, maxPrice: 9 });
    expect([...first.itemIds]).toEqual(ids.slice(1));
    expect(await passing({ maxPrice: 9, minPrice: 2 })).toBe(first);
    expect(reads.asked).toHaveLength(1);
  });

  it('joins filters, and leaves out what passes another one, also through changes', async () => {
    await test.catalogue.updateItems([{ itemId: ids[1], brand: 'red' }], false);
    const joined = {
      minPrice: 1,
      and: [{ maxPrice: 2 }],
      none: [{ brands: ['red'], maxPrice: 2 }, { brands: ['blue'] }],
    };
    expect(await idsOf(joined)).toEqual([ids[0]]); // a has no brand
    await test.catalogue.updateItems([{ itemId: ids[0], brand: 'blue' }, { itemId: ids[1], brand: 'green' }], false); // prettier-ignore
    await followLast();
    expect(await idsOf(joined)).toEqual([ids[1]]);
    expect(await idsOf({ none: [{}] })).toEqual([]);
  });

  it('adds, drops and keeps the items that a change touched, and looks at these alone', async () => {
    await passing({ minPrice: 2 });
    const [d] = await add('d'); // costs 1
    await followLast();
    expect(await idsOf({ minPrice: 2 })).toEqual(ids.slice(1));
    await test.catalogue.updateItems([{ itemId: d, price: 8 }], false);
    await followLast();
    expect(await idsOf({ minPrice: 2 })).toEqual([ids[1], ids[2], d]);
    await test.catalogue.removeItems([ids[2]]);
    await followLast();
    expect(await idsOf({ minPrice: 2 })).toEqual([ids[1], d]);
    expect(reads.asked.map(({ among }) => among)).toEqual([undefined, [d], [d], [ids[2]]]);
  });

  it.each([
    ['of a prefix when another model is live', { semanticIdPrefix: [1] }, { kind: 'MODEL_ACTIVATED', itemIds: [] }],
    [
      'when many items changed',
      { minPrice: 2 },
      { kind: 'ITEMS_UPDATED', itemIds: Array.from({ length: 1001 }, (_, i) => i) },
    ],
  ] as const)('forgets a list %s', async (_, filter, change) => {
    const before = await passing(filter);
    await filters.follow(change);
    expect((await passing(filter)).id).not.toBe(before.id);
  });

  it('asks again after a failure, at first and at a change', async () => {
    reads.error = new Error('no answer');
    await expect(passing({ minPrice: 2 })).rejects.toThrow('no answer');
    reads.error = null;
    expect(await idsOf({ minPrice: 2 })).toEqual(ids.slice(1));
    await test.catalogue.removeItems([ids[2]]);
    reads.error = new Error('no answer');
    await followLast();
    reads.error = null;
    expect(await idsOf({ minPrice: 2 })).toEqual([ids[1]]);
  });

  it('searches for two filters at a time, and refuses those for which too many others wait', async () => {
    const most = { running: 0, at: 0 };
    filters = new ItemFilters(opened.database.read, test.popularity, async (...args) => {
      most.at = Math.max(most.at, ++most.running);
      return reads.find(...args).finally(() => most.running--);
    });
    const all = await Promise.allSettled(Array.from({ length: 65 }, (_, i) => passing({ minPrice: i })));
    expect(most.at).toBe(2);
    expect(all.slice(0, 64).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(all[64]).toMatchObject({ reason: { extensions: { code: 'OVERLOADED' } } });
    expect(await idsOf({ minPrice: 64 })).toEqual([]);
  });
});
