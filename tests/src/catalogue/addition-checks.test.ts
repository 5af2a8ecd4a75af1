import { additionErrors } from '../../../src/catalogue/addition-checks';
import { emptyTables } from '../../support/catalogue';
import { FAKE_DIMS, vectorOfCodes } from '../../support/fake-assigner';
import { smallCatalogue } from '../../support/small-catalogue';

type NewItem = Parameters<typeof additionErrors>[1][number];

describe('additionErrors', () => {
  const small = smallCatalogue();

  /** Of items called 0, 1, … unless they say otherwise: the errors' codes, places and what was expected and got. */
  async function errorsOf(...items: Partial<NewItem>[]): Promise<string[]> {
    const named = items.map((item, i) => ({ externalId: `${i}`, title: 't', ...item }));
    const errors = await additionErrors(small.opened.database.read, named);
    return errors.map(({ code, field, message }) => `${code} ${field?.join('.')} ${message.replace(/^\w+: /, '')}`);
  }

  it('finds nothing wrong with items that may come', async () => {
    const embedding = vectorOfCodes(1, 1);
    expect(await errorsOf({}, { price: 0 }, { price: null, embedding }, { price: 1e300, embedding: null })).toEqual([]);
  });

  it('asks for texts, and looks for no ID that the database cannot keep', async () => {
    expect(await errorsOf({ externalId: ' ' }, { title: '' }, { externalId: 'a\0' })).toEqual([
      'INVALID items.0.externalId expected text, got none',
      'INVALID items.1.title expected text, got none',
    ]);
  });

  it('tells of an external ID once, as being in the call or in the catalogue', async () => {
    const [, gone] = await small.add({ externalId: 'a' }, { externalId: 'gone' });
    await small.test.catalogue.removeItems([gone.id]);
    expect(
      await errorsOf({ externalId: 'a' }, { externalId: 'a' }, { externalId: 'gone' }, { externalId: 'b' }),
    ).toEqual([
      'DUPLICATE items.0.externalId expected a new one, got a, which is in the catalogue already; updateItems changes it',
      'DUPLICATE items.1.externalId expected a new one, got a, which is earlier in this call already; give it once',
    ]);
  });

  it('asks for embeddings as wide as the active tokenizer reads, of finite numbers as float32 has them', async () => {
    const one = (value: number) => [...vectorOfCodes(1, 1).slice(1), value];
    const tiny = new Array<number>(FAKE_DIMS).fill(1e-60);
    expect(
      await errorsOf(
        { embedding: [1, 2] },
        { embedding: one(NaN) },
        { embedding: one(1e39) },
        { embedding: tiny },
        { embedding: one(0) },
      ),
    ).toEqual([
      'INVALID items.0.embedding expected 512 numbers, got 2',
      'INVALID items.1.embedding expected finite numbers, got NaN',
      'INVALID items.2.embedding expected finite numbers, got 1e+39',
      'INVALID items.3.embedding expected numbers that are not all zero, got zeros',
    ]);
  });

  describe('before a model is live', () => {
    beforeEach(() => emptyTables(small.opened));

    it('takes the width of the first embedding where all items bring one', async () => {
      expect(await errorsOf({ embedding: [1, 2] }, { embedding: [0, 1] })).toEqual([]);
      expect(await errorsOf({ embedding: [1, 2] }, { embedding: [0, 1, 2] })).toEqual([
        'INVALID items.1.embedding expected 2 numbers, got 3',
      ]);
      expect(await errorsOf({ embedding: [] })).toEqual(['INVALID items.0.embedding expected some numbers, got 0']);
    });

    it("takes the sentence encoder's width where some items bring none", async () => {
      expect(await errorsOf({ embedding: [1, 2] }, {})).toEqual([
        'INVALID items.0.embedding expected 512 numbers, got 2',
      ]);
    });

    it('refuses an embedding beside items that have texts alone, and takes more of those', async () => {
      const row = { externalId: 'x', title: 'x', searchTitle: 'x', categories: [] };
      await small.opened.database.write((transaction) => transaction.item.create({ data: row }));
      expect(await errorsOf({ embedding: [1, 2] }, {})).toEqual([
        'INVALID items.0.embedding expected none, since the other items have texts alone, whose vectors are not comparable with it, ' +
          'got one; leave it out, or first give all other items an embedding (updateItems, or an import)',
      ]);
    });

    it('takes the width of the vectors that are stored', async () => {
      const { opened } = small;
      await opened.database.write(async (transaction) => {
        const item = await transaction.item.create({
          data: { externalId: 'x', title: 'x', searchTitle: 'x', categories: [] },
        });
        const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
        await transaction.itemVector.create({ data: { itemId: item.id, encoder: 'given', dims: 3, data } });
      });
      expect(await errorsOf({ embedding: [1, 2, 3] }, {}, { embedding: [1, 2] })).toEqual([
        'INVALID items.1.embedding expected 3 numbers, as the other items have, got none; give this item an embedding too',
        'INVALID items.2.embedding expected 3 numbers, got 2',
      ]);
    });
  });
});
