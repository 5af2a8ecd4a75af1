import { writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { readVectors } from '../../../src/storage/item-vectors';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { smallCatalogue } from '../../support/small-catalogue';

describe('restoreItems', () => {
  const small = smallCatalogue();
  const restore = (...itemIds: number[]) => small.test.catalogue.restoreItems(itemIds);

  it('gives codes, and a vector where there is none, to those that have no codes, and leaves the others theirs', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    await small.test.catalogue.removeItems([a.id, b.id]);
    const { database } = small.opened;
    await database.write(async (transaction) => {
      await transaction.semanticId.deleteMany({ where: { itemId: a.id } });
      await transaction.itemVector.deleteMany({ where: { itemId: a.id } });
      await writeSemanticIds(transaction, small.tokenizerId, [{ itemId: b.id, codes: [3, 2, 1] }]);
    });
    const { items, userErrors } = await restore(a.id, b.id);
    expect(userErrors).toEqual([]);
    expect(items).toMatchObject([{ externalId: 'a', removedAt: null }, { externalId: 'b', removedAt: null }]); // prettier-ignore
    expect([await small.codesOf(a.id), await small.codesOf(b.id)]).toEqual([[1, 1, 0], [3, 2, 1]]); // prettier-ignore
    expect((await readVectors(database.read, [a.id])).get(a.id)).toMatchObject({ encoder: 'fake' });
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(
      await recomputedPrefixes(database, small.tokenizerId),
    );
    expect(await small.test.catalogue.item('a')).toMatchObject({ removedAt: null });
  });

  it('refuses all when an item without codes finds no room', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#1.1 b' });
    await small.test.catalogue.removeItems([a.id, b.id]);
    await small.opened.database.write((transaction) => transaction.semanticId.deleteMany({ where: { itemId: b.id } }));
    await small.add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const { items, userErrors } = await restore(a.id, b.id);
    expect(items).toEqual([null, null]);
    expect(userErrors).toMatchObject([{ code: 'OUT_OF_RANGE', field: ['itemIds', '1'] }]);
    expect((await small.test.catalogue.item('a'))?.removedAt).not.toBeNull();
  });

  it('works before a model is live', async () => {
    const [a] = await small.add({ externalId: 'a' });
    await small.test.catalogue.removeItems([a.id]);
    const { database } = small.opened;
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    expect(await restore(a.id)).toMatchObject({ items: [{ externalId: 'a', removedAt: null }], userErrors: [] });
  });

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => i + 1);
    expect((await restore()).userErrors).toMatchObject([{ code: 'INVALID', field: ['itemIds'] }]);
    expect((await restore(...many)).userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['itemIds'] }]);
  });
});
