import { readVectors } from '../../../src/storage/item-rows';
import { vectorOfCodes } from '../../support/fake-assigner';
import { smallCatalogue } from '../../support/small-catalogue';

describe('updateItems', () => {
  const small = smallCatalogue();

  type Patch = Parameters<typeof small.test.catalogue.updateItems>[0][number];
  const update = (patches: Patch[], reencode = false) => small.test.catalogue.updateItems(patches, reencode);
  const vectorsOf = async (...itemIds: number[]) => {
    const stored = await readVectors(small.opened.database.read, itemIds);
    return itemIds.map((itemId) => stored.get(itemId)?.encoder ?? null);
  };

  it('changes each field that is given, and empties each that is null', async () => {
    const whole = { description: 'D', brand: 'B', categories: ['x'], price: 3, attributes: { size: 1 } };
    const [a, b] = await small.add({ externalId: 'a', ...whole }, { externalId: 'b', ...whole });
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
    expect(await small.test.catalogue.item('a')).toMatchObject(renewed);
    expect(await small.test.catalogue.item('b')).toMatchObject(emptied);
  });

  it('leaves each field that is not given', async () => {
    const whole = { description: 'D', brand: 'B', categories: ['x'], price: 3, attributes: { size: 1 } };
    const [a] = await small.add({ externalId: 'a', ...whole });
    await update([{ itemId: a.id, title: 'T' }]);
    expect(await small.test.catalogue.item('a')).toMatchObject({ ...whole, title: 'T' });
    const { edges } = await small.test.catalogue.items({ first: 5, after: null }, { categories: ['x'] });
    expect(edges.map(({ node }) => node.externalId)).toEqual(['a']);
  });

  it('changes nothing where no field is given, and says so', async () => {
    const [a, b] = await small.add({ externalId: 'a' }, { externalId: 'b' });
    const before = await small.test.catalogue.version();
    const { items, userErrors, catalogueVersion } = await update([{ itemId: b.id }, { itemId: a.id }]);
    expect([items.map((item) => item?.externalId), userErrors, catalogueVersion]).toEqual([['b', 'a'], [], null]);
    expect(await small.test.catalogue.version()).toBe(before);
  });

  it('changes nothing where each item has what is given already, and says so', async () => {
    const attributes = { size: 1, colours: ['red', { deep: true }] };
    const whole = { title: 'T', description: 'D', brand: 'B', categories: ['x'], price: 3, attributes };
    const [a, b] = await small.add({ externalId: 'a', ...whole }, { externalId: 'b', title: 'B' });
    const before = await small.test.catalogue.version();
    const same = { ...whole, attributes: { colours: attributes.colours, size: 1 } };
    const empty = { itemId: b.id, description: null, brand: null, categories: null, price: null, attributes: null };
    const { items, userErrors, catalogueVersion } = await update([{ itemId: a.id, ...same }, empty], true);
    expect([items.map((item) => item?.externalId), userErrors, catalogueVersion]).toEqual([['a', 'b'], [], null]);
    expect(await small.test.catalogue.version()).toBe(before);
    const changes = [{ price: 4 }, { categories: ['y'] }, { attributes: { size: 1 } }, { brand: null }, { title: 't' }];
    for (const change of changes) expect((await update([{ itemId: a.id, ...change }])).catalogueVersion).not.toBeNull();
  });

  it('finds an item by its new title', async () => {
    const [a] = await small.add({ externalId: 'a', title: 'Mug' });
    await update([{ itemId: a.id, title: 'LAMP 5%' }]);
    const find = async (titleContains: string) =>
      (await small.test.catalogue.items({ first: 5, after: null }, { titleContains })).edges.length;
    expect([await find('lamp 5%'), await find('mug')]).toEqual([1, 0]);
  });

  it('drops the vector of a text that has changed, and keeps one that was given or whose text is the same', async () => {
    const embedding = vectorOfCodes(1, 1);
    const [a, b, c, d] = await small.add(
      { externalId: 'a', brand: 'B' },
      { externalId: 'b', embedding },
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
    const [a, b, c] = await small.add(described('a'), described('b'), described('c'));
    await small.opened.database.write((transaction) =>
      transaction.item.updateMany({ where: { id: { in: [a.id, c.id] } }, data: { title: '' } }),
    );
    const description = 'for tea';
    await update([{ itemId: a.id, description }, { itemId: b.id, description }, { itemId: c.id, price: 5 }]); // prettier-ignore
    expect(await vectorsOf(a.id, b.id, c.id)).toEqual([null, 'use-lite-en', 'use-lite-en']);
  });

  it('keeps a vector that another encoder made, since nobody here could make it anew', async () => {
    const [a] = await small.add({ externalId: 'a' });
    const { database } = small.opened;
    await database.write((transaction) => transaction.itemVector.updateMany({ data: { encoder: 'sentence-t5-base' } }));
    expect((await update([{ itemId: a.id, title: 'new' }])).userErrors).toEqual([]);
    expect((await update([{ itemId: a.id, title: 'newer' }], true)).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect(await vectorsOf(a.id)).toEqual(['sentence-t5-base']);
  });

  it('gives new codes, when asked, to the items whose text has changed, and stores their new vectors', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    await update([{ itemId: a.id, title: '#3.0 a' }, { itemId: b.id, price: 5 }], true); // prettier-ignore
    expect([await small.codesOf(a.id), await small.codesOf(b.id)]).toEqual([[3, 0, 0], [2, 2, 0]]); // prettier-ignore
    expect(await vectorsOf(a.id, b.id)).toEqual(['use-lite-en', 'use-lite-en']);
  });

  it('keeps the codes of an item whose text is the same, also when asked for new ones', async () => {
    const [a] = await small.add({ externalId: 'a', title: '#1.1 a' });
    const assignments = [{ itemId: a.id, codes: [3, 3, 0] }];
    await small.test.catalogue.reassignSemanticIds({ assignments, dryRun: false });
    await update([{ itemId: a.id, price: 5 }], true);
    expect(await small.codesOf(a.id)).toEqual([3, 3, 0]);
  });

  it('logs the codes of each item before and after, and which have a new vector', async () => {
    const [a, b] = await small.add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    await update([{ itemId: a.id, title: '#3.0 a' }, { itemId: b.id, price: 5 }], true); // prettier-ignore
    const { database } = small.opened;
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    await update([{ itemId: a.id, price: 5 }]);
    expect((await small.logged()).slice(1)).toEqual([
      {
        kind: 'ITEMS_UPDATED',
        tokenizerId: small.tokenizerId,
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

  it('finds no category any more at an item whose categories were emptied', async () => {
    const [a] = await small.add({ externalId: 'a', categories: ['x'] });
    await update([{ itemId: a.id, categories: null }]);
    const { database } = small.opened;
    expect(await database.read.itemCategory.findMany({ where: { itemId: a.id } })).toEqual([]);
  });

  it('tells errors in the order of the patches: unknown items and wrong fields alike', async () => {
    const [a, gone] = await small.add({ externalId: 'a' }, { externalId: 'gone' });
    await small.test.catalogue.removeItems([gone.id]);
    const { items, userErrors } = await update([
      { itemId: a.id, attributes: 'x'.repeat(20_000) },
      { itemId: gone.id, price: 1 },
      { itemId: a.id, title: 'T' },
    ]);
    expect(items).toEqual([null, null, null]);
    expect(userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)).toEqual([
      'OUT_OF_RANGE items.0.attributes',
      'NOT_FOUND items.1.itemId',
      'DUPLICATE items.2.itemId',
    ]);
  });

  it('refuses all when an item finds no room for its new codes', async () => {
    await small.add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    const [a, b] = await small.add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#2.2 b' });
    const { items, userErrors } = await update([{ itemId: a.id, price: 7 }, { itemId: b.id, title: '#1.3 b' }], true); // prettier-ignore
    expect(items).toEqual([null, null]);
    expect(userErrors).toMatchObject([{ code: 'OUT_OF_RANGE', field: ['items', '1', 'itemId'] }]);
    expect(await small.test.catalogue.item('a')).toMatchObject({ price: null });
    expect(await small.codesOf(b.id)).toEqual([2, 2, 1]);
  });

  it('works before a model is live', async () => {
    const [a] = await small.add({ externalId: 'a' });
    const { database } = small.opened;
    await database.write((transaction) => transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }));
    const { items, userErrors } = await update([{ itemId: a.id, title: 'T' }], true);
    expect(userErrors).toEqual([]);
    expect(items).toMatchObject([{ title: 'T' }]);
  });

  it('refuses blank texts and long attributes, each by its place', async () => {
    const [a, b, c] = await small.add(...['a', 'b', 'c'].map((externalId) => ({ externalId })));
    const { userErrors } = await update([
      { itemId: a.id, title: '  ' },
      { itemId: b.id, attributes: 'x'.repeat(20_000) },
      { itemId: c.id, price: 0, title: 'fine' },
    ]);
    expect(userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
      ['INVALID', 'items.0.title'],
      ['OUT_OF_RANGE', 'items.1.attributes'],
    ]);
  });

  it('refuses no patches and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => ({ itemId: i + 1, price: 1 }));
    expect((await update([])).userErrors).toMatchObject([{ code: 'INVALID', field: ['items'] }]);
    expect((await update(many)).userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['items'] }]);
  });
});
