import { readVectors } from '../../../src/storage/item-rows';
import {
  add,
  codesOf,
  useCatalogue,
  expectCountsInStep,
  opened,
  placesOf,
  retireModels,
  test,
} from '../../support/catalogue-suite';

describe('reassignSemanticIds', () => {
  useCatalogue();
  type Args = Parameters<typeof test.catalogue.reassignSemanticIds>[0];
  const reassign = (args: Omit<Args, 'dryRun'>, dryRun = false) =>
    test.catalogue.reassignSemanticIds({ ...args, dryRun });
  const assign = (...assignments: { itemId: number; codes: number[] }[]) => reassign({ assignments });
  const version = async () => await test.catalogue.version();

  it('takes whole IDs, and codes for which it finds the token', async () => {
    const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c', title: '#1.1 c' });
    const { changes, userErrors } = await assign({ itemId: a.id, codes: [2, 2, 3] }, { itemId: b.id, codes: [1, 1] });
    expect(userErrors).toEqual([]);
    expect(changes).toEqual([
      { itemId: a.id, before: [0, 0, 0], after: [2, 2, 3] },
      { itemId: b.id, before: [0, 0, 1], after: [1, 1, 1] },
    ]);
    expect(await codesOf(c.id)).toEqual([1, 1, 0]);
    await expectCountsInStep();
  });

  it('tells who collides and whose similar items change, before as after', async () => {
    // a and b collide, c is alone below [1]; d and e share the first code only.
    const [a, b, c, d, e] = await add(
      { externalId: 'a', title: '#1.1 a' },
      { externalId: 'b', title: '#1.1 b' },
      { externalId: 'c', title: '#1.2 c' },
      { externalId: 'd', title: '#2.0 d' },
      { externalId: 'e', title: '#2.1 e' },
    );
    const args = { assignments: [{ itemId: b.id, codes: [2, 1] }] };
    const dry = await reassign(args, true);
    expect(dry.catalogueVersion).toBeNull();
    expect(dry.impact).toEqual({
      collisionsMade: [e.id], // b collided before, and does after
      collisionsSolved: [a.id],
      // a: was b, is c. b: was a, is e. c: was {a, b}, is a. d: was e, is {b, e}. e: was d, is b.
      similarItemsChanged: [a.id, b.id, c.id, d.id, e.id],
    });
    const wet = await reassign({ ...args, ifCatalogueVersion: dry.baseVersion });
    expect(wet).toEqual({ ...dry, catalogueVersion: dry.baseVersion! + 1 });
  });

  it('makes codes anew for items, a prefix or all, and keeps those that are right', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    await assign({ itemId: a.id, codes: [3, 0, 2] });
    for (const selector of [{ all: true }, { itemIds: [a.id, b.id] }, { prefix: [3] }]) {
      const { changes } = await reassign(selector, true);
      expect(changes).toEqual([{ itemId: a.id, before: [3, 0, 2], after: [1, 1, 0] }]);
    }
  });

  it('refuses each entry that names no live item, or an item again', async () => {
    const [a, gone] = await add({ externalId: 'a' }, { externalId: 'gone' });
    await test.catalogue.removeItems([gone.id]);
    const itemIds = [a.id, gone.id, 999_999, a.id];
    expect(placesOf(await reassign({ itemIds }))).toEqual([
      'NOT_FOUND items.1',
      'NOT_FOUND items.2',
      'DUPLICATE items.3',
    ]);
    expect(placesOf(await assign(...itemIds.map((itemId) => ({ itemId, codes: [1, 1] }))))).toEqual([
      'NOT_FOUND assignments.1.item',
      'NOT_FOUND assignments.2.item',
      'DUPLICATE assignments.3.item',
    ]);
  });

  it('refuses codes of another number, and codes that there are not, each by its level', async () => {
    const items = await add(...['a', 'b', 'c', 'd', 'e'].map((externalId) => ({ externalId })));
    const codes = [[1], [1, 1, 1, 1], [4, -1], [0, 0, 4], [1.5, 3, 3]]; // prettier-ignore
    expect(placesOf(await assign(...codes.map((each, i) => ({ itemId: items[i].id, codes: each }))))).toEqual([
      'INVALID assignments.0.codes',
      'INVALID assignments.1.codes',
      'OUT_OF_RANGE assignments.2.codes.0',
      'OUT_OF_RANGE assignments.2.codes.1',
      'OUT_OF_RANGE assignments.3.codes.2',
      'OUT_OF_RANGE assignments.4.codes.0',
    ]);
    const { userErrors } = await assign({ itemId: items[0].id, codes: [4, 0, 0] });
    expect(userErrors[0].message).toBe('codes: expected 0 to 3 at level 0, got 4');
  });

  it('takes collision tokens up to their own number, which is not that of the codes', async () => {
    const [a] = await add({ externalId: 'a' });
    await opened.database.write((transaction) => transaction.tokenizer.updateMany({ data: { collisionSize: 6 } }));
    const refused = await assign({ itemId: a.id, codes: [1, 1, 6] });
    expect(refused.userErrors).toMatchObject([{ message: 'codes: expected 0 to 5 at level 2, got 6' }]);
    expect((await assign({ itemId: a.id, codes: [1, 1, 5] })).changes).toMatchObject([{ after: [1, 1, 5] }]);
    expect(placesOf(await assign({ itemId: a.id, codes: [1, 5, 0] }))).toEqual(['OUT_OF_RANGE assignments.0.codes.1']);
  });

  it('refuses a whole semantic ID that another item has, or gets in the same call', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    const { userErrors } = await assign({ itemId: b.id, codes: [1, 1, 0] });
    const field = ['assignments', '0', 'codes'];
    expect(userErrors).toEqual([
      { code: 'TAKEN', message: expect.stringContaining("got another item's [1, 1, 0]"), field },
    ]);
    const twice = [a, b].map(({ id }) => ({ itemId: id, codes: [3, 3, 0] }));
    expect(placesOf(await assign(...twice))).toEqual(['TAKEN assignments.1.codes']);
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[1, 1, 0], [2, 2, 0]]); // prettier-ignore
  });

  it('finds nothing to change in a shop without items', async () => {
    expect(await reassign({ prefix: [] })).toMatchObject({ userErrors: [], changes: [], catalogueVersion: null });
  });

  it('refuses everything before a model is live', async () => {
    const [a] = await add({ externalId: 'a' });
    await retireModels();
    expect(await reassign({ all: true })).toMatchObject({ changes: [], userErrors: [{ code: 'NO_LIVE_MODEL' }] });
    expect(placesOf(await assign({ itemId: a.id, codes: [1, 1] }))).toEqual(['NO_LIVE_MODEL undefined']);
  });

  it('does not look beside a group that the caller named and that is full', async () => {
    await add(...Array.from({ length: 4 }, (_, i) => ({ externalId: `${i}`, title: '#1.1' })));
    const [a] = await add({ externalId: 'a' });
    expect(placesOf(await assign({ itemId: a.id, codes: [1, 1] }))).toEqual(['OUT_OF_RANGE assignments.0.codes']);
    expect(await codesOf(a.id)).toEqual([0, 0, 0]);
  });

  it('says where made codes find no room', async () => {
    const [a] = await add({ externalId: 'a', title: '#2.2 a' });
    await add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' })));
    await opened.database.write((transaction) => {
      const data = new Uint8Array(Float32Array.from({ length: 512 }, () => 2).buffer); // the codes 1.1
      return transaction.itemVector.update({ where: { itemId: a.id }, data: { data } });
    });
    expect(placesOf(await reassign({ itemIds: [a.id] }))).toEqual(['OUT_OF_RANGE items.0']);
    expect((await reassign({ all: true })).userErrors).toMatchObject([{ code: 'OUT_OF_RANGE', field: null }]);
  });

  it('asks for exactly one selector, and takes null and false for none', async () => {
    await add({ externalId: 'a' });
    expect((await reassign({})).userErrors).toMatchObject([
      { code: 'INVALID', field: null, message: expect.stringContaining('got none') },
    ]);
    expect((await reassign({ all: false, itemIds: null, assignments: null, prefix: null })).userErrors).toHaveLength(1);
    expect((await reassign({ all: true, prefix: [0] })).userErrors).toMatchObject([
      { message: expect.stringContaining('prefix, all') },
    ]);
    expect((await reassign({ all: true, itemIds: null, prefix: null })).userErrors).toEqual([]);
  });

  it("writes nothing where nothing changes, and does not answer with another caller's change, which could be undone", async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    const { catalogueVersion: ofOther } = await assign({ itemId: b.id, codes: [3, 3] });
    const unchanged = { changes: [], catalogueVersion: null, baseVersion: ofOther };
    expect(await assign({ itemId: a.id, codes: [1, 1] })).toMatchObject(unchanged);
    expect(await reassign({ itemIds: [a.id] })).toMatchObject(unchanged);
    expect(await reassign({ itemIds: [a.id] }, true)).toMatchObject(unchanged);
    expect(await version()).toBe(ofOther);
  });

  it('goes on from the version that the caller saw, and from no other', async () => {
    const [a] = await add({ externalId: 'a' });
    const seen = await version();
    const args = { assignments: [{ itemId: a.id, codes: [2, 2] }] };
    expect((await reassign({ ...args, ifCatalogueVersion: seen - 1 })).userErrors).toMatchObject([
      { code: 'CONFLICT' },
    ]);
    expect(await reassign({ ...args, ifCatalogueVersion: seen })).toMatchObject({
      userErrors: [],
      baseVersion: seen,
      catalogueVersion: seen + 1,
    });
    expect((await reassign({ ...args, ifCatalogueVersion: null })).userErrors).toEqual([]);
  });

  it('reaches the items under a prefix alone, and not the removed ones', async () => {
    const [a, b, c] = await add(
      { externalId: 'a', title: '#1.1 a' },
      { externalId: 'b', title: '#2.2 b' },
      { externalId: 'c', title: '#1.1 c' },
    );
    await assign({ itemId: a.id, codes: [3, 0] }, { itemId: b.id, codes: [3, 1] }, { itemId: c.id, codes: [3, 0] });
    await test.catalogue.removeItems([c.id]);
    const under = await reassign({ prefix: [3, 0] }, true);
    expect(under.changes).toEqual([{ itemId: a.id, before: [3, 0, 0], after: [1, 1, 0] }]);
    const all = await reassign({ prefix: [] }, true);
    expect(all.changes.map(({ itemId }) => itemId)).toEqual([a.id, b.id]);
    await opened.database.write(({ semanticId }) => semanticId.deleteMany({ where: { itemId: b.id } }));
    const given = { itemId: b.id, before: null, after: [2, 2, 0] };
    expect((await reassign({ all: true }, true)).changes).toContainEqual(given); // under no prefix, and yet one of all
    expect(placesOf(await reassign({ prefix: [9] }))).toEqual(['NOT_FOUND prefix']);
  });

  it('makes the vectors of items that have none, and stores them', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const { database } = opened;
    await database.write(async (transaction) => {
      await transaction.itemVector.deleteMany();
      await transaction.item.update({ where: { id: a.id }, data: { title: '#2.0 a' } });
    });
    expect((await reassign({ itemIds: [a.id] })).changes).toEqual([
      { itemId: a.id, before: [1, 1, 0], after: [2, 0, 0] },
    ]);
    expect((await readVectors(database.read, [a.id])).get(a.id)).toMatchObject({ encoder: 'use-lite-en' });
  });
});
