import { smallCatalogue } from '../../support/small-catalogue';

describe('removeItems', () => {
  const small = smallCatalogue();

  it('takes several items away at one moment, and answers with them as they are then', async () => {
    const [a, b, c] = await small.add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    const { items, userErrors } = await small.test.catalogue.removeItems([c.id, a.id]);
    expect(userErrors).toEqual([]);
    expect(items.map((item) => item?.externalId)).toEqual(['c', 'a']);
    expect(items[0]!.removedAt).toEqual(items[1]!.removedAt);
    expect(await small.test.catalogue.item('a')).toMatchObject({ removedAt: items[1]!.removedAt });
    expect(await small.test.catalogue.item('b')).toMatchObject({ id: b.id, removedAt: null });
    expect(await small.test.catalogue.summary()).toMatchObject({ itemCount: 1, tokenizedItemCount: 1 });
  });

  it('works before a model is live, and for items without codes', async () => {
    const [a, b] = await small.add({ externalId: 'a' }, { externalId: 'b' });
    const { database } = small.opened;
    await database.write((transaction) => transaction.semanticId.deleteMany({ where: { itemId: b.id } }));
    expect((await small.test.catalogue.removeItems([b.id])).userErrors).toEqual([]);
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    expect((await small.test.catalogue.removeItems([a.id])).userErrors).toEqual([]);
    expect(await small.test.catalogue.summary()).toMatchObject({ itemCount: 0 });
  });

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => i + 1);
    const remove = async (itemIds: number[]) => (await small.test.catalogue.removeItems(itemIds)).userErrors;
    expect(await remove([])).toMatchObject([{ code: 'INVALID', field: ['itemIds'] }]);
    expect(await remove(many)).toMatchObject([{ code: 'TOO_MANY', field: ['itemIds'] }]);
  });
});
