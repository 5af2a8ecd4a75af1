/** Lists of a shop with stock and groups, on both databases. */
import type { ItemFilterArgs } from '../../../graphql/item/records';
import { ItemFilters } from '../../../src/recommend/item-filters';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

describeCatalogue('ItemFilters of a shop with stock and groups', () => {
  let filters: ItemFilters;

  const begin = () => (filters = new ItemFilters(opened.database.read, test.popularity)).begin();
  const idsOf = async (filter: ItemFilterArgs = {}, oncePerGroup = true) => {
    const list = await filters.passing(filter, oncePerGroup);
    return list && [...list.itemIds];
  };
  const update = async (itemId: number, fields: object) => {
    const { userErrors } = await test.catalogue.updateItems([{ itemId, ...fields }], false);
    expect(userErrors).toEqual([]);
    await filters.follow(test.commits.at(-1)!);
  };
  afterEach(() => jest.useRealTimers());

  it('lets items in and out when their dates come, also after a start between them', async () => {
    const at = (hour: number) => new Date(Date.UTC(2030, 0, 1, hour));
    jest.useFakeTimers({
      now: at(0),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'queueMicrotask', 'performance'],
    });
    const [a, b, c] = await add(
      { externalId: 'a', availableFrom: at(1), availableUntil: at(3) },
      { externalId: 'b', availableUntil: at(2) },
      { externalId: 'c' },
    );
    await begin();
    const seen = [];
    for (const hour of [0, 1, 2, 3]) {
      jest.setSystemTime(at(hour));
      await filters.followDates();
      seen.push(await idsOf());
      await begin();
      seen.push(await idsOf());
    }
    const all = [a.id, b.id, c.id];
    // Null: all items, as a start finds them.
    expect(seen).toEqual([[b.id, c.id], [b.id, c.id], all, null, [a.id, c.id], [a.id, c.id], [c.id], [c.id]]);
  });

  it('has the best-selling available item of each group that passes, and all of them where that is asked for', async () => {
    const [a, b, c, d] = await add(
      { externalId: 'a', groupId: 'shirt', price: 1 },
      { externalId: 'b', groupId: 'shirt', price: 2 },
      { externalId: 'c', groupId: 'shirt', price: 3 },
      { externalId: 'd', price: 4 },
    );
    test.popularity.add(b.id, 7);
    await begin();
    expect(await idsOf()).toEqual([b.id, d.id]);
    expect(await idsOf({ minPrice: 3 })).toEqual([c.id, d.id]);
    expect(await idsOf({}, false)).toEqual([a.id, b.id, c.id, d.id]);
    expect(filters.alike([a.id, d.id], await filters.passing({}, true))).toEqual([b.id]);
    await update(b.id, { availability: 'OUT_OF_STOCK' });
    expect(await idsOf()).toEqual([a.id, d.id]);
    await update(a.id, { groupId: 'jumper' });
    expect(await idsOf()).toEqual([a.id, c.id, d.id]);
    await update(d.id, { groupId: 'jumper' });
    expect(await idsOf()).toEqual([a.id, c.id]);
    await test.catalogue.removeItems([a.id, c.id]);
    await filters.follow(test.commits.at(-1)!);
    expect(await idsOf()).toEqual([d.id]);
    expect(await idsOf({ minPrice: 3 })).toEqual([d.id]);
  });
});
