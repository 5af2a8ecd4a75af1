import { addItems } from '../../../src/catalogue/item-additions';
import { readVectors } from '../../../src/storage/item-rows';
import { FAKE_DIMS, vectorOfCodes } from '../../support/fake-assigner';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { smallCatalogue } from '../../support/small-catalogue';

describe('addItems', () => {
  const small = smallCatalogue();
  const add = (items: Parameters<typeof small.test.catalogue.addItems>[0], atomic = false) =>
    small.test.catalogue.addItems(items, atomic);
  const errorsOf = ({ userErrors }: Awaited<ReturnType<typeof add>>) =>
    userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`);
  const nameOf = (item: { externalId: string } | null) => item?.externalId ?? null;
  const logged = async () => (await small.logged()).map(({ kind }) => kind);

  it('stores each item’s own vector, and who made it', async () => {
    const [a, b, c] = await small.add(
      { externalId: 'a', title: '#1.2 a' },
      { externalId: 'b', embedding: vectorOfCodes(3, 0) },
      { externalId: 'c', title: '#2.1 c' },
    );
    const vectors = await readVectors(small.opened.database.read, [a.id, b.id, c.id]);
    const shown = [a, b, c].map(({ id }) => [vectors.get(id)!.encoder, ...vectors.get(id)!.vector.subarray(0, 2)]);
    expect(shown).toEqual([['use-lite-en', 2, 3], ['given', 4, 1], ['use-lite-en', 3, 2]]); // prettier-ignore
    expect(vectors.get(a.id)).toMatchObject({ dims: FAKE_DIMS, itemId: a.id });
  });

  it('makes two changes of new and of returning items, in that order, and one where all are of a kind', async () => {
    const [gone] = await small.add({ externalId: 'gone', title: '#1.1 gone', categories: ['old'] });
    await small.test.catalogue.removeItems([gone.id]);
    await add([
      { externalId: 'gone', title: '#2.2 back', categories: ['new'], embedding: null },
      { externalId: 'fresh', title: '#2.2 fresh' },
    ]);
    expect(await logged()).toEqual(['ITEMS_ADDED', 'ITEMS_REMOVED', 'ITEMS_ADDED', 'ITEMS_RESTORED']);
    const freshId = (await small.test.catalogue.item('fresh'))!.id;
    expect((await small.logged()).slice(2).map(({ items }) => items)).toEqual([
      [{ itemId: freshId, before: null, after: [2, 2, 1], isReencoded: false }],
      [{ itemId: gone.id, before: null, after: [2, 2, 0], isReencoded: true }],
    ]);
    expect((await small.logged()).map(({ tokenizerId }) => tokenizerId)).toEqual(new Array(4).fill(small.tokenizerId));
    expect(await small.codesOf(gone.id)).toEqual([2, 2, 0]);
    const find = async (category: string) =>
      (await small.test.catalogue.items({ first: 5, after: null }, { categories: [category] })).edges.length;
    expect([await find('old'), await find('new')]).toEqual([0, 1]);
    const { database } = small.opened;
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(
      await recomputedPrefixes(database, small.tokenizerId),
    );
  });

  it('empties the fields of a returning item that are not given again', async () => {
    const [a] = await small.add({ externalId: 'a', brand: 'B', price: 3, description: 'D', attributes: { x: 1 } });
    await small.test.catalogue.removeItems([a.id]);
    const { items } = await add([{ externalId: 'a', title: 'T' }]);
    const empty = { brand: null, price: null, description: null, attributes: null, categories: [] };
    expect(items).toMatchObject([{ id: a.id, title: 'T', removedAt: null, ...empty }]);
    expect(await small.test.catalogue.item('a')).toMatchObject(empty);
  });

  it.each([
    ['the others too', true, [null, null]],
    ['it alone', false, [null, 'other']],
  ])('refuses an item that another call added while this one was encoding: %s', async (_, atomic, expected) => {
    const { services } = small.test;
    const encode: typeof services.assigner.encode = async (items) => {
      await small.add({ externalId: 'same', title: 'first' });
      return services.assigner.encode(items);
    };
    const late = { ...services, assigner: { ...services.assigner, encode } };
    const items = ['same', 'other'].map((externalId) => ({ externalId, title: 'second' }));
    const answer = await addItems(late, items, atomic, []);
    expect(answer.userErrors).toMatchObject([{ code: 'DUPLICATE', field: ['items', '0', 'externalId'] }]);
    expect(answer.items.map(nameOf)).toEqual(expected);
    expect(await small.test.catalogue.item('same')).toMatchObject({ title: 'first' });
    expect(nameOf(await small.test.catalogue.item('other'))).toBe(expected[1]);
  });

  it('tells errors in the order of the items, whenever they were found', async () => {
    await small.add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const answer = await add([
      { externalId: 'full', title: '#1.1' },
      { externalId: 'blank', title: '' },
      { externalId: 'fine', title: '#2.2' },
      { externalId: 'full too', title: '#1.3' },
      { externalId: 'cheap', title: 'c', attributes: 'x'.repeat(20_000) },
    ]);
    expect(errorsOf(answer)).toEqual([
      'OUT_OF_RANGE items.0',
      'INVALID items.1.title',
      'OUT_OF_RANGE items.3',
      'OUT_OF_RANGE items.4.attributes',
    ]);
    expect(answer.items.map(nameOf)).toEqual([null, null, 'fine', null, null]);
  });

  it('writes nothing at all when an atomic call finds no room for one', async () => {
    await small.add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const before = await logged();
    const answer = await add([{ externalId: 'fine', title: '#2.2' }, { externalId: 'full', title: '#1.1' }], true); // prettier-ignore
    expect(answer.items).toEqual([null, null]);
    expect(errorsOf(answer)).toEqual(['OUT_OF_RANGE items.1']);
    expect(await logged()).toEqual(before);
    expect(await small.test.catalogue.item('fine')).toBeNull();
  });

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => ({ externalId: `${i}`, title: 'T' }));
    expect(errorsOf(await add([]))).toEqual(['INVALID items']);
    expect(errorsOf(await add(many))).toEqual(['TOO_MANY items']);
    expect(await logged()).toEqual([]);
  });

  it('adds none of an atomic call in which one item is wrong', async () => {
    const answer = await add([{ externalId: 'fine', title: 'T' }, { externalId: 'blank', title: '' }], true); // prettier-ignore
    expect(answer.items).toEqual([null, null]);
    expect(errorsOf(answer)).toEqual(['INVALID items.1.title']);
    expect(await logged()).toEqual([]);
  });

  it('writes nothing where every item is wrong', async () => {
    const answer = await add([{ externalId: 'a', title: '' }]);
    expect(answer.items).toEqual([null]);
    expect(await logged()).toEqual([]);
  });
});
