import { toGlobalId } from '../../../graphql/common/global-id';
import { readCodeTable } from '../../../src/semantic-ids/code-table';
import { writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { readVectors } from '../../../src/storage/item-rows';
import { summaryOf } from '../../support/catalogue';
import {
  add,
  codesOf,
  useCatalogue,
  expectCountsInStep,
  externalIds,
  logged,
  opened,
  placesOf,
  retireModels,
  test,
  tokenizerId,
} from '../../support/catalogue-suite';

const PAGE = { first: 100, after: null };

describe('removeItems', () => {
  useCatalogue();
  it('takes items out of the trie and keeps their interactions', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' }]);
    const { items } = await test.catalogue.removeItems([a.id]);
    expect(items[0]?.removedAt).toBeInstanceOf(Date);
    expect(test.commits.at(-1)).toMatchObject({
      kind: 'ITEMS_REMOVED',
      changes: [{ itemId: a.id, before: [0, 0, 0], after: null }],
    });
    expect(await externalIds(test.catalogue.items(PAGE, null))).toEqual(['b']);
    expect(await test.catalogue.prefix([0, 0])).toEqual({ codes: [0, 0], itemCount: 1 });
    expect(await externalIds(test.catalogue.prefixItems([0], PAGE))).toEqual(['b']);
    expect(await opened.database.read.interaction.count()).toBe(1);
    const table = await readCodeTable(opened.database.read, tokenizerId);
    expect([...table.itemIds]).toEqual([a.id, b.id]);
    expect([...table.live]).toEqual([0, 1]);
    await expectCountsInStep();
  });

  it('takes several items away at one moment, and answers with them as they are then', async () => {
    const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    const { items, userErrors } = await test.catalogue.removeItems([c.id, a.id]);
    expect(userErrors).toEqual([]);
    expect(items.map((item) => item?.externalId)).toEqual(['c', 'a']);
    expect(items[0]!.removedAt).toEqual(items[1]!.removedAt);
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt: items[1]!.removedAt });
    expect(await test.catalogue.item('b')).toMatchObject({ id: b.id, removedAt: null });
    expect(await summaryOf(test.catalogue)).toMatchObject({ itemCount: 1, tokenizedItemCount: 1 });
  });

  it('logs the codes that the items leave, if any, and no tokenizer before a model is live', async () => {
    const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b', title: '#3.3 b' }, { externalId: 'c' });
    await opened.database.write(({ semanticId }) => semanticId.deleteMany({ where: { itemId: c.id } }));
    await test.catalogue.removeItems([b.id, c.id]);
    await retireModels();
    await test.catalogue.removeItems([a.id]);
    const removed = (itemId: number, before: number[] | null) => ({ itemId, before, after: null, isReencoded: false });
    expect((await logged()).slice(1)).toEqual([
      { kind: 'ITEMS_REMOVED', tokenizerId, items: [removed(b.id, [3, 3, 0]), removed(c.id, null)] },
      { kind: 'ITEMS_REMOVED', tokenizerId: null, items: [removed(a.id, null)] },
    ]);
  });

  it('refuses all when one is unknown, removed already or named twice', async () => {
    const [a, gone] = await add({ externalId: 'a' }, { externalId: 'gone' });
    await test.catalogue.removeItems([gone.id]);
    const refused = await test.catalogue.removeItems([a.id, gone.id, 999_999, a.id]);
    expect(refused.items).toEqual([null, null, null, null]);
    expect(placesOf(refused)).toEqual(['CONFLICT items.1', 'NOT_FOUND items.2', 'DUPLICATE items.3']);
    expect(refused.userErrors[0].message).toContain(toGlobalId('Item', gone.id));
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt: null });
  });
});

describe('restoreItems', () => {
  useCatalogue();
  const restore = (...itemIds: number[]) => test.catalogue.restoreItems(itemIds);

  it('brings items back with the semantic IDs that they had', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b', brand: 'B' });
    await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: b.id, codes: [3, 3, 2] }], dryRun: false });
    await test.catalogue.removeItems([a.id, b.id]);
    const { items, userErrors } = await restore(b.id, a.id);
    expect(userErrors).toEqual([]);
    expect(items).toMatchObject([
      { id: b.id, brand: 'B', removedAt: null },
      { id: a.id, removedAt: null },
    ]);
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[1, 1, 0], [3, 3, 2]]); // prettier-ignore
    expect(await summaryOf(test.catalogue)).toMatchObject({ itemCount: 2, tokenizedItemCount: 2 });
    await expectCountsInStep();
  });

  it('gives codes, and a vector where there is none, to those that have no codes, and leaves the others theirs', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    await test.catalogue.removeItems([a.id, b.id]);
    const { database } = opened;
    await database.write(async (transaction) => {
      await transaction.semanticId.deleteMany({ where: { itemId: a.id } });
      await transaction.itemVector.deleteMany({ where: { itemId: a.id } });
      await writeSemanticIds(transaction, tokenizerId, [{ itemId: b.id, codes: [3, 2, 1] }]);
    });
    const { items, userErrors } = await restore(a.id, b.id);
    expect(userErrors).toEqual([]);
    expect(items).toMatchObject([{ externalId: 'a', removedAt: null }, { externalId: 'b', removedAt: null }]); // prettier-ignore
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[1, 1, 0], [3, 2, 1]]); // prettier-ignore
    expect((await readVectors(database.read, [a.id])).get(a.id)).toMatchObject({ encoder: 'use-lite-en' });
    await expectCountsInStep();
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt: null });
  });

  it('refuses all when an item without codes finds no room', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#1.1 b' });
    await test.catalogue.removeItems([a.id, b.id]);
    await opened.database.write(({ semanticId }) => semanticId.deleteMany({ where: { itemId: b.id } }));
    await add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const answer = await restore(a.id, b.id);
    expect(answer.items).toEqual([null, null]);
    expect(placesOf(answer)).toEqual(['OUT_OF_RANGE items.1']);
    expect((await test.catalogue.item('a'))?.removedAt).not.toBeNull();
  });

  it('logs the codes that the named items get back, and no tokenizer before a model is live', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.2 a' }, { externalId: 'b', title: '#3.3 b' });
    await test.catalogue.removeItems([a.id, b.id]);
    await restore(b.id);
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt: expect.any(Date) });
    await retireModels();
    expect(await restore(a.id)).toMatchObject({ items: [{ externalId: 'a', removedAt: null }], userErrors: [] });
    const restored = (itemId: number, after: number[] | null) => [{ itemId, before: null, after, isReencoded: false }];
    expect((await logged()).slice(2)).toEqual([
      { kind: 'ITEMS_RESTORED', tokenizerId, items: restored(b.id, [3, 3, 0]) },
      { kind: 'ITEMS_RESTORED', tokenizerId: null, items: restored(a.id, null) },
    ]);
  });

  it('refuses all when one is live, unknown or named twice', async () => {
    const [live, gone] = await add({ externalId: 'live' }, { externalId: 'gone' });
    await test.catalogue.removeItems([gone.id]);
    const refused = await restore(gone.id, live.id, 999_999, gone.id);
    expect(refused.items).toEqual([null, null, null, null]);
    expect(placesOf(refused)).toEqual(['CONFLICT items.1', 'NOT_FOUND items.2', 'DUPLICATE items.3']);
    expect(refused.userErrors[0].message).toContain(toGlobalId('Item', live.id));
    expect(await test.catalogue.item('gone')).toMatchObject({ removedAt: expect.any(Date) });
  });
});
