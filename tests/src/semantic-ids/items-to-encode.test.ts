import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import { findActiveTokenizer, type ActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import {
  itemsToEncode,
  itemsWithoutCodes,
  namedItemsToEncode,
  missingVectorsFault,
  type VectorCount,
} from '../../../src/semantic-ids/items-to-encode';
import { add, opened, useCatalogue } from '../../support/catalogue-suite';

describe('items to encode', () => {
  useCatalogue();
  let tokenizer: ActiveTokenizer;
  beforeEach(async () => {
    tokenizer = (await findActiveTokenizer(opened.database.read))!;
  });

  const read = () => opened.database.read;

  describe('itemsToEncode', () => {
    it('reads the texts of the items that the condition admits, oldest first', async () => {
      const [a, , c] = await add(
        { externalId: 'a', title: 'A', brand: 'B', categories: ['x', 'y'] },
        { externalId: 'b', title: 'B' },
        { externalId: 'c', title: 'C' },
      );
      expect(await itemsToEncode(read(), { externalId: { in: ['c', 'a'] } })).toEqual([
        { itemId: a.id, text: 'A. Brand: B. Category: x, y.' },
        { itemId: c.id, text: 'C.' },
      ]);
      const named = await namedItemsToEncode(read(), [c.id, 999_999, a.id]);
      expect(named.map(({ itemId }) => itemId)).toEqual([a.id, c.id]);
    });
  });

  describe('itemsWithoutCodes', () => {
    it('finds the live items without codes of this tokenizer, a hundred at a time, and says where to go on', async () => {
      const names = Array.from({ length: 120 }, (_, i) => `i${String(i).padStart(3, '0')}`);
      await opened.database.write(async (transaction) => {
        const data = names.map((externalId) => ({
          externalId,
          title: externalId,
          sortTitle: externalId,
          categories: ['x'],
        }));
        await transaction.item.createMany({ data });
        await transaction.item.updateMany({ where: { externalId: 'i001' }, data: { removedAt: new Date() } });
      });
      const first = await itemsWithoutCodes(read(), tokenizer.id, 0);
      const texts = names.map((name) => `${name}. Category: x.`);
      expect(first.items.map(({ text }) => text)).toEqual([texts[0], ...texts.slice(2, 101)]);
      const second = await itemsWithoutCodes(read(), tokenizer.id, first.next!);
      expect(second.items.map(({ text }) => text)).toEqual(texts.slice(101));
      expect(second.next).toBeNull();
    });

    it('passes over items that have codes of this tokenizer, and finds those that have only codes of another', async () => {
      await add({ externalId: 'a' }, { externalId: 'b' });
      expect(await itemsWithoutCodes(read(), tokenizer.id, 0)).toEqual({ items: [], next: null });
      expect((await itemsWithoutCodes(read(), tokenizer.id + 1, 0)).items).toHaveLength(2);
    });
  });
});

const some = (changes: Partial<VectorCount>) =>
  missingVectorsFault({
    ...{ items: 5, missing: 2, firstMissing: 'cup', dims: SENTENCE_DIMS, encoders: new Set([SENTENCE_ENCODER]) },
    ...changes,
  });

describe('missingVectorsFault', () => {
  it.each<[string, Partial<VectorCount>]>([
    ['of another encoder', { encoders: new Set(['other']) }],
    ['of another width', { dims: SENTENCE_DIMS + 1 }],
    ['of another width, without a name', { dims: 7, encoders: new Set() }],
  ])('names the first item that cannot be compared with vectors %s', (_, changes) => {
    expect(some(changes)).toMatch(/^vectors: expected one for each item, got none for 2 of 5 items, first for cup; /);
  });
});
