import { toGlobalId } from '../../../graphql/common/global-id';
import { writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { readVectors } from '../../../src/storage/item-rows';
import { summaryOf } from '../../support/catalogue';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
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
    expect((await readVectors(database.read, [a.id])).get(a.id)).toMatchObject({ encoder: 'use-lite-en' });
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

  it('leaves removed items that are not named as they are', async () => {
    const [a, b] = await small.add({ externalId: 'a' }, { externalId: 'b' });
    await small.test.catalogue.removeItems([a.id, b.id]);
    await restore(a.id);
    expect(await small.test.catalogue.item('b')).toMatchObject({ removedAt: expect.any(Date) });
    expect(await summaryOf(small.test.catalogue)).toMatchObject({ itemCount: 1 });
  });

  it('logs the codes that the items get back, and no tokenizer before a model is live', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#1.2 a' }, { externalId: 'b', title: '#3.3 b' });
    await small.test.catalogue.removeItems([a.id, b.id]);
    await restore(b.id);
    const { database } = small.opened;
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    await restore(a.id);
    const restored = (itemId: number, after: number[] | null) => [{ itemId, before: null, after, isReencoded: false }];
    expect((await small.logged()).slice(2)).toEqual([
      { kind: 'ITEMS_RESTORED', tokenizerId: small.tokenizerId, items: restored(b.id, [3, 3, 0]) },
      { kind: 'ITEMS_RESTORED', tokenizerId: null, items: restored(a.id, null) },
    ]);
  });

  it('refuses all when one is live, unknown or named twice', async () => {
    const [live, gone] = await small.add({ externalId: 'live' }, { externalId: 'gone' });
    await small.test.catalogue.removeItems([gone.id]);
    const refused = await restore(gone.id, live.id, 999_999, gone.id);
    expect(refused.items).toEqual([null, null, null, null]);
    expect(refused.userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)).toEqual([
      'CONFLICT itemIds.1',
      'NOT_FOUND itemIds.2',
      'DUPLICATE itemIds.3',
    ]);
    expect(refused.userErrors.map(({ message }) => message)).toEqual(
      [live.id, 999_999, gone.id].map((id) => expect.stringContaining(toGlobalId('Item', id))),
    );
    expect(await small.test.catalogue.item('gone')).toMatchObject({ removedAt: expect.any(Date) });
  });

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => i + 1);
    expect((await restore()).userErrors).toMatchObject([{ code: 'INVALID', field: ['itemIds'] }]);
    expect((await restore(...many)).userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['itemIds'] }]);
  });
});
