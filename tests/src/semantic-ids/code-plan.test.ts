import { toGlobalId } from '../../../graphql/common/global-id';
import { findActiveTokenizer, type ActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { planCodes, planErrors, plannedChanges, readCodes, storePlan } from '../../../src/semantic-ids/code-plan';
import type { ItemToEncode } from '../../../src/semantic-ids/items-to-encode';
import { readVectors } from '../../../src/storage/item-rows';
import { add, opened, test, useCatalogue } from '../../support/catalogue-suite';
import { vectorOfCodes } from '../../support/fake-assigner';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

describe('code plan', () => {
  useCatalogue();
  let tokenizer: ActiveTokenizer;
  beforeEach(async () => {
    tokenizer = (await findActiveTokenizer(opened.database.read))!;
  });

  const plan = (...items: ItemToEncode[]) => planCodes(test.services, tokenizer, items);
  const toEncode = (itemId: number, title: string): ItemToEncode => ({
    itemId,
    title,
    brand: null,
    categories: [],
    description: null,
  });

  describe('planCodes', () => {
    it('keeps a vector that the caller gave, whatever the text', async () => {
      const [a] = await add({ externalId: 'a', embedding: vectorOfCodes(3, 2) });
      const [forA] = await plan(toEncode(a.id, '#1.1 new'));
      expect(forA).toMatchObject({ codes: [3, 2], madeVector: null });
    });

    it('makes the vector of an item that has none', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#3.3 b' });
      await opened.database.write(async (transaction) => {
        await transaction.itemVector.deleteMany({ where: { itemId: a.id } });
        await transaction.semanticId.deleteMany({ where: { itemId: a.id } });
      });
      const [forA, forB] = await plan(toEncode(a.id, '#2.0 a'), toEncode(b.id, '#3.3 b'));
      expect(forA).toMatchObject({ before: null, codes: [2, 0], placement: { codes: [2, 0, 0] } });
      expect(forA.madeVector).not.toBeNull();
      expect(forB).toMatchObject({ codes: [3, 3], placement: { codes: [3, 3, 0] }, madeVector: null });
    });

    it('gives items whose group is full the nearest other code, made of their stored and their new vectors', async () => {
      const full = Array.from({ length: 4 }, (_, i) => ({ externalId: `${i}`, title: '#1.1' }));
      await add(...full);
      const [a, b] = await add({ externalId: 'a', title: '#2.2 a' }, { externalId: 'b', title: '#1.1 b' });
      await opened.database.write(({ itemVector }) => itemVector.deleteMany({ where: { itemId: a.id } }));
      const [forA, forB] = await plan(toEncode(a.id, '#1.1 a'), toEncode(b.id, '#1.1 b'));
      expect(forB.placement).toEqual({ codes: [1, 2, 0] }); // where it was moved when it came
      expect(forA.placement).toEqual({ codes: [1, 2, 1] });
    });

    it('finds no place for an item whose vector is of another width', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
      const data = new Uint8Array(Float32Array.of(1, 2).buffer);
      await opened.database.write((transaction) =>
        transaction.itemVector.update({ where: { itemId: a.id }, data: { dims: 2, data } }),
      );
      const planned = await plan(toEncode(a.id, '#1.1 a'), toEncode(b.id, '#2.2 b'));
      expect(planned[0]).toMatchObject({ codes: [], before: [1, 1, 0], placement: { refused: 'WIDTH' } });
      expect(planned[1]).toMatchObject({ codes: [2, 2], placement: { codes: [2, 2, 0] } });
      expect(planErrors(planned, tokenizer, (itemId) => ['at', itemId])).toMatchObject([
        {
          code: 'INVALID',
          message: expect.stringContaining(`expected 512 numbers for item ${toGlobalId('Item', a.id)},`),
          field: ['at', String(a.id)],
        },
      ]);
    });
  });

  it('tells which items found no room, and which of the others change', () => {
    const planned = (
      itemId: number,
      before: number[] | null,
      placement: { codes: number[] } | { refused: 'FULL' },
    ) => ({
      itemId,
      before,
      codes: [1, 1],
      placement,
      madeVector: null,
    });
    const whole = [
      planned(1, [1, 1, 0], { codes: [1, 1, 0] }),
      planned(2, [1, 1, 1], { codes: [1, 1, 2] }),
      planned(3, null, { codes: [1, 1, 3] }),
      planned(4, [2, 2, 0], { refused: 'FULL' }),
    ];
    expect(plannedChanges(whole)).toEqual([
      { itemId: 2, before: [1, 1, 1], after: [1, 1, 2] },
      { itemId: 3, before: null, after: [1, 1, 3] },
    ]);
    expect(planErrors(whole, tokenizer, (itemId) => ['at', itemId])).toMatchObject([
      { code: 'OUT_OF_RANGE', message: expect.stringContaining('[1, 1]'), field: ['at', '4'] },
    ]);
  });

  describe('storePlan', () => {
    it('writes new vectors, the semantic IDs that change and the counts above them', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
      const { database } = opened;
      await database.write(({ itemVector }) => itemVector.deleteMany({ where: { itemId: a.id } }));
      const planned = await plan(toEncode(a.id, '#2.2 a'), toEncode(b.id, '#1.1 b'));
      const changes = await database.write((transaction) => storePlan(transaction, tokenizer, planned));
      expect(changes).toEqual([{ itemId: a.id, before: [1, 1, 0], after: [2, 2, 0] }]);
      expect(await readCodes(database.read, tokenizer.id, [b.id, a.id, 999_999])).toEqual(
        new Map([
          [a.id, [2, 2, 0]],
          [b.id, [1, 1, 1]],
        ]),
      );
      const vectors = await readVectors(database.read, [a.id, b.id]);
      expect([a, b].map(({ id }) => [...vectors.get(id)!.vector.subarray(0, 2)])).toEqual([[3, 3], [2, 2]]); // prettier-ignore
      expect(await storedPrefixes(database, tokenizer.id)).toEqual(await recomputedPrefixes(database, tokenizer.id));
    });
  });
});
