import { toGlobalId } from '../../../graphql/common/global-id';
import { summaryOf } from '../../support/catalogue';
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
    expect(await summaryOf(small.test.catalogue)).toMatchObject({ itemCount: 1, tokenizedItemCount: 1 });
  });

  it('works before a model is live, and for items without codes', async () => {
    const [a, b] = await small.add({ externalId: 'a' }, { externalId: 'b' });
    const { database } = small.opened;
    await database.write((transaction) => transaction.semanticId.deleteMany({ where: { itemId: b.id } }));
    expect((await small.test.catalogue.removeItems([b.id])).userErrors).toEqual([]);
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    expect((await small.test.catalogue.removeItems([a.id])).userErrors).toEqual([]);
    expect(await summaryOf(small.test.catalogue)).toMatchObject({ itemCount: 0 });
  });

  it('logs the codes that the items leave, and no tokenizer before a model is live', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#1.2 a' }, { externalId: 'b', title: '#3.3 b' });
    await small.test.catalogue.removeItems([b.id]);
    const { database } = small.opened;
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    await small.test.catalogue.removeItems([a.id]);
    const removed = (itemId: number, before: number[] | null) => [{ itemId, before, after: null, isReencoded: false }];
    expect((await small.logged()).slice(1)).toEqual([
      { kind: 'ITEMS_REMOVED', tokenizerId: small.tokenizerId, items: removed(b.id, [3, 3, 0]) },
      { kind: 'ITEMS_REMOVED', tokenizerId: null, items: removed(a.id, null) },
    ]);
  });

  it('refuses all when one is unknown, removed already or named twice', async () => {
    const [a, gone] = await small.add({ externalId: 'a' }, { externalId: 'gone' });
    await small.test.catalogue.removeItems([gone.id]);
    const refused = await small.test.catalogue.removeItems([a.id, gone.id, 999_999, a.id]);
    expect(refused.items).toEqual([null, null, null, null]);
    expect(refused.userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)).toEqual([
      'CONFLICT itemIds.1',
      'NOT_FOUND itemIds.2',
      'DUPLICATE itemIds.3',
    ]);
    expect(refused.userErrors.map(({ message }) => message)).toEqual(
      [gone.id, 999_999, a.id].map((id) => expect.stringContaining(toGlobalId('Item', id))),
    );
    expect(await small.test.catalogue.item('a')).toMatchObject({ removedAt: null });
  });

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => i + 1);
    const remove = async (itemIds: number[]) => (await small.test.catalogue.removeItems(itemIds)).userErrors;
    expect(await remove([])).toMatchObject([{ code: 'INVALID', field: ['itemIds'] }]);
    expect(await remove(many)).toMatchObject([{ code: 'TOO_MANY', field: ['itemIds'] }]);
  });
});
