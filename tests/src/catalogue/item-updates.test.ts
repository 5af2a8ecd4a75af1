import type { ItemPatchArgs } from '../../../graphql/item/records';
import { readVectors } from '../../../src/storage/item-rows';
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
import { vectorOfCodes } from '../../support/fake-assigner';

const PAGE = { first: 100, after: null };

describe('updateItems', () => {
  useCatalogue();
  const update = (patches: ItemPatchArgs[], reencode = false) => test.catalogue.updateItems(patches, reencode);
  const vectorsOf = async (...itemIds: number[]) => {
    const stored = await readVectors(opened.database.read, itemIds);
    return itemIds.map((itemId) => stored.get(itemId)?.encoder ?? null);
  };
  const withCategory = (category: string) => externalIds(test.catalogue.items(PAGE, { categories: [category] }));

  it('changes each field that is given, and empties each that is null', async () => {
    const whole = { description: 'D', brand: 'B', categories: ['x'], price: 3, attributes: { size: 1 } };
    const [a, b] = await add({ externalId: 'a', ...whole }, { externalId: 'b', ...whole });
    const { items, userErrors } = await update([
      { itemId: b.id, description: null, brand: null, categories: null, price: null, attributes: null },
      { itemId: a.id, description: 'E', brand: 'C', categories: ['y'], price: 0, attributes: { size: 2 }, title: 'T' },
    ]);
    expect(userErrors).toEqual([]);
    const renewed = { title: 'T', description: 'E', brand: 'C', categories: ['y'], price: 0, attributes: { size: 2 } };
    const emptied = { title: b.title, description: null, brand: null, categories: [], price: null, attributes: null };
    expect(items).toMatchObject([
      { id: b.id, ...emptied },
      { id: a.id, ...renewed },
    ]);
    expect(await test.catalogue.item('a')).toMatchObject(renewed);
    expect(await test.catalogue.item('b')).toMatchObject(emptied);
    expect([await withCategory('x'), await withCategory('y')]).toEqual([[], ['a']]);
    expect(test.commits.at(-1)).toMatchObject({ kind: 'ITEMS_UPDATED', changes: [] });
  });

  it('changes nothing where each item has what is given already, and says so', async () => {
    const attributes = { size: 1, colours: ['red', { deep: true }] };
    const whole = { title: 'T', description: 'D', brand: 'B', categories: ['x'], price: 3, attributes };
    const [a, b] = await add({ externalId: 'a', ...whole }, { externalId: 'b', title: 'B' });
    const before = await test.catalogue.version();
    const same = { ...whole, attributes: { colours: attributes.colours, size: 1 } };
    const empty = { itemId: b.id, description: null, brand: null, categories: null, price: null, attributes: null };
    for (const patches of [
      [{ itemId: a.id, ...same }, empty],
      [{ itemId: a.id }, { itemId: b.id }],
    ]) {
      const { items, userErrors, catalogueVersion } = await update(patches, true);
      expect([items.map((item) => item?.externalId), userErrors, catalogueVersion]).toEqual([['a', 'b'], [], null]);
    }
    expect(await test.catalogue.version()).toBe(before);
    const changes = [{ price: 4 }, { categories: ['y'] }, { attributes: { size: 1 } }, { brand: null }, { title: 't' }];
    for (const change of changes) expect((await update([{ itemId: a.id, ...change }])).catalogueVersion).not.toBeNull();
  });

  it('drops the vector of a text that has changed, and keeps one that was given or whose text is the same', async () => {
    const [a, b, c, d] = await add(
      { externalId: 'a', brand: 'B' },
      { externalId: 'b', embedding: vectorOfCodes(1, 1) },
      { externalId: 'c', brand: 'B', categories: ['x'] },
      { externalId: 'd', categories: ['x'] },
    );
    await update([
      { itemId: a.id, brand: 'C' },
      { itemId: b.id, title: 'new' },
      { itemId: c.id, title: c.title, categories: ['x'], price: 9, description: 'text, but not of the vector' },
      { itemId: d.id, categories: ['x', 'y'] },
    ]);
    expect(await vectorsOf(a.id, b.id, c.id, d.id)).toEqual([null, 'given', 'use-lite-en', null]);
  });

  it('drops the vector of a description that stood in for a title', async () => {
    const described = (externalId: string) => ({ externalId, description: 'for coffee' });
    const [a, b, c] = await add(described('a'), described('b'), described('c'));
    await opened.database.write((transaction) =>
      transaction.item.updateMany({ where: { id: { in: [a.id, c.id] } }, data: { title: '' } }),
    );
    const description = 'for tea';
    await update([{ itemId: a.id, description }, { itemId: b.id, description }, { itemId: c.id, price: 5 }]); // prettier-ignore
    expect(await vectorsOf(a.id, b.id, c.id)).toEqual([null, 'use-lite-en', 'use-lite-en']);
  });

  it('gives new codes, only when asked, to the items whose text has changed, and stores their new vectors', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    await update([{ itemId: a.id, title: '#2.0 a' }]);
    expect(await codesOf(a.id)).toEqual([1, 1, 0]);
    await update([{ itemId: a.id, title: '#3.0 a' }, { itemId: b.id, price: 5 }], true); // prettier-ignore
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[3, 0, 0], [2, 2, 0]]); // prettier-ignore
    expect(await vectorsOf(a.id, b.id)).toEqual(['use-lite-en', 'use-lite-en']);
    expect(test.commits.at(-1)?.changes).toEqual([{ itemId: a.id, before: [1, 1, 0], after: [3, 0, 0] }]);
    await expectCountsInStep();
  });

  it('takes another vector for an item, and gives it the codes of that one at once', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', embedding: vectorOfCodes(1, 2) }); // prettier-ignore
    const patches = [a, b].map(({ id }) => ({ itemId: id, title: 'new', embedding: vectorOfCodes(3, 3) }));
    expect((await update(patches)).userErrors).toEqual([]);
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[3, 3, 0], [3, 3, 1]]); // prettier-ignore
    const stored = await readVectors(opened.database.read, [a.id, b.id]);
    for (const { encoder, vector } of stored.values()) {
      expect([encoder, [...vector]]).toEqual(['given', vectorOfCodes(3, 3)]);
    }
    await update([{ itemId: a.id, embedding: vectorOfCodes(2, 2) }]);
    expect(await codesOf(a.id)).toEqual([2, 2, 0]);
    await expectCountsInStep();
  });

  it('refuses a vector that is none, of another width or without meaning, and changes nothing', async () => {
    const items = await add(...['a', 'b', 'c', 'd'].map((externalId) => ({ externalId })));
    const embeddings = [null, [1, 2], new Array<number>(512).fill(0), [...vectorOfCodes(1, 1).slice(1), Infinity]];
    const patches = items.map(({ id }, i) => ({ itemId: id, price: 5, embedding: embeddings[i] }));
    const { userErrors } = await update(patches);
    expect(userErrors.map(({ code, message, field }) => [code, message, field?.join('.')])).toEqual([
      ['INVALID', 'embedding: expected 512 numbers, got 0', 'items.0.embedding'],
      ['INVALID', 'embedding: expected 512 numbers, got 2', 'items.1.embedding'],
      ['INVALID', 'embedding: expected numbers that are not all zero, got zeros', 'items.2.embedding'],
      ['INVALID', 'embedding: expected finite numbers, got Infinity', 'items.3.embedding'],
    ]);
    expect(await test.catalogue.item('b')).toMatchObject({ price: null });
  });

  it('cannot encode the new text of an item whose vector was given', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b', embedding: vectorOfCodes(1, 1) });
    const retitle = (title: string) => update([{ itemId: a.id, title }, { itemId: b.id, title }], true); // prettier-ignore
    expect(placesOf(await retitle('#2.2'))).toEqual(['INVALID items.1.embedding']);
    expect(await test.catalogue.item('b')).toMatchObject({ title: b.title });
    expect((await retitle(b.title)).userErrors).toEqual([]);
  });

  it('logs the codes of each item before and after, and which have a new vector', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    await update([{ itemId: a.id, title: '#3.0 a' }, { itemId: b.id, price: 5 }], true); // prettier-ignore
    await retireModels();
    await update([{ itemId: a.id, price: 5 }]);
    expect((await logged()).slice(1)).toEqual([
      {
        kind: 'ITEMS_UPDATED',
        tokenizerId,
        items: [
          { itemId: a.id, before: [1, 1, 0], after: [3, 0, 0], isReencoded: true },
          { itemId: b.id, before: [2, 2, 0], after: [2, 2, 0], isReencoded: false },
        ],
      },
      {
        kind: 'ITEMS_UPDATED',
        tokenizerId: null,
        items: [{ itemId: a.id, before: null, after: null, isReencoded: false }],
      },
    ]);
  });

  it('works before a model is live, and keeps a vector that comes then', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    await retireModels();
    const patches = [{ itemId: a.id, title: 'T' }, { itemId: b.id, title: 'new', embedding: vectorOfCodes(3, 3) }]; // prettier-ignore
    expect(await update(patches, true)).toMatchObject({ items: [{ title: 'T' }, { title: 'new' }], userErrors: [] });
    const stored = (await readVectors(opened.database.read, [b.id])).get(b.id);
    expect([...stored!.vector]).toEqual(vectorOfCodes(3, 3));
    await opened.database.write(({ itemVector }) => itemVector.deleteMany());
    const [short, long] = [
      { itemId: a.id, embedding: [1, 2] },
      { itemId: b.id, embedding: [1, 2, 3] },
    ];
    expect(placesOf(await update([short, long]))).toEqual(['INVALID items.1.embedding']);
    expect((await update([short])).userErrors).toEqual([]);
  });

  it('tells errors in the order of the patches, unknown items and wrong fields alike, and changes nothing', async () => {
    const [a, b, gone] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'gone' });
    await test.catalogue.removeItems([gone.id]);
    const answer = await update([
      { itemId: a.id, attributes: 'x'.repeat(20_000), availableUntil: new Date(1), availableFrom: new Date(2) },
      { itemId: gone.id, price: 1 },
      { itemId: b.id, title: 'T' },
      { itemId: a.id, title: 'T' },
      { itemId: 999_999, title: null },
    ]);
    expect(answer.items).toEqual(Array(5).fill(null));
    expect(placesOf(answer)).toEqual([
      'OUT_OF_RANGE items.0.attributes',
      'INVALID items.0.availableUntil',
      'NOT_FOUND items.1.item',
      'DUPLICATE items.3.item',
      'NOT_FOUND items.4.item',
      'INVALID items.4.title',
    ]);
    expect(await test.catalogue.item('b')).toMatchObject({ title: b.title });
  });

  it('refuses all when an item finds no room for its new codes', async () => {
    await add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const [a, b] = await add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#2.2 b' });
    const answer = await update([{ itemId: a.id, price: 7 }, { itemId: b.id, title: '#1.3 b' }], true); // prettier-ignore
    expect(answer.items).toEqual([null, null]);
    expect(placesOf(answer)).toEqual(['OUT_OF_RANGE items.1.item']);
    expect(await test.catalogue.item('a')).toMatchObject({ price: null });
    expect(await codesOf(b.id)).toEqual([2, 2, 1]);
  });
});
