import { toGlobalId } from '../../../graphql/common/global-id';
import { rowsOf } from '../../../graphql/common/references';
import {
  newItemErrors,
  attributesErrors,
  namedItemErrors,
  type NamedItems,
  readItemsCalled,
  readNamedItems,
} from '../../../src/catalogue/item-checks';
import type { ItemRow } from '../../../src/storage/item-columns';
import { emptyTables } from '../../support/catalogue';
import { add, opened, placesOf, test, useCatalogue } from '../../support/catalogue-suite';
import { FAKE_DIMS, vectorOfCodes } from '../../support/fake-assigner';

type NewItem = Parameters<typeof newItemErrors>[1][number];

describe('newItemErrors', () => {
  useCatalogue();

  /** @returns The codes, places and messages of the errors of items, which are called 0, 1, … unless they say otherwise. */
  async function errorsOf(...items: Partial<NewItem>[]): Promise<string[]> {
    const named = items.map((item, i) => ({ externalId: `${i}`, title: 't', ...item }));
    const errors = await newItemErrors(opened.database.read, named);
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

  it('tells of an external ID that the call has twice', async () => {
    await add({ externalId: 'a' });
    expect(await errorsOf({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'b' })).toEqual([
      'DUPLICATE items.2.externalId expected each item once, got b, which is earlier in this call already',
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

  it('asks that an item is available until after it begins to be, also where the other date is stored', async () => {
    const [early, late] = [new Date(1e12), new Date(2e12)];
    await add({ externalId: 'late', availableFrom: late }, { externalId: 'early', availableUntil: early });
    const items: NewItem[] = [
      { availableFrom: early, availableUntil: late, title: 'fine', externalId: '0' },
      { availableFrom: late, availableUntil: late, title: 'at once', externalId: '1' },
      { availableFrom: late, title: 'no end', externalId: '2' },
      { availableUntil: early, title: 'ends before', externalId: 'late' },
      { availableFrom: late, title: 'begins after', externalId: 'early' },
    ];
    const places = placesOf({ userErrors: await newItemErrors(opened.database.read, items) });
    expect(places).toEqual([1, 3, 4].map((position) => `INVALID items.${position}.availableUntil`));
    const always = { ...items[3], availableFrom: null };
    expect(await newItemErrors(opened.database.read, [always])).toEqual([]);
  });

  describe('before a model is live', () => {
    beforeEach(() => emptyTables(opened));

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
      const row = { externalId: 'x', title: 'x', sortTitle: 'x', categories: [] };
      await opened.database.write((transaction) => transaction.item.create({ data: row }));
      expect(await errorsOf({ embedding: [1, 2] }, {})).toEqual([
        'INVALID items.0.embedding expected none, since the other items have texts alone, whose vectors are not comparable with it, ' +
          'got one; leave it out, or first give all other items an embedding (updateItems, or an import)',
      ]);
    });

    it('takes the width of the vectors that are stored', async () => {
      await opened.database.write(async (transaction) => {
        const item = await transaction.item.create({
          data: { externalId: 'x', title: 'x', sortTitle: 'x', categories: [] },
        });
        const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
        await transaction.itemVector.create({ data: { itemId: item.id, encoder: 'given', dims: 3, data } });
      });
      // An item that there is keeps its vector.
      expect(await errorsOf({ embedding: [1, 2, 3] }, {}, { embedding: [1, 2] }, { externalId: 'x' })).toEqual([
        'INVALID items.1.embedding expected 3 numbers, as the other items have, got none; give this item an embedding too',
        'INVALID items.2.embedding expected 3 numbers, got 2',
      ]);
    });
  });
});

describe('readItemsCalled and readNamedItems', () => {
  useCatalogue();

  it('read the items that are asked for alone', async () => {
    const [a] = await add({ externalId: 'a' }, { externalId: 'b' });
    expect([...(await readItemsCalled(opened.database.read, ['a', 'nothing'])).keys()]).toEqual(['a']);
    expect([...(await readNamedItems(opened.database.read, [a.id, 999_999])).keys()]).toEqual([a.id]);
  });
});

describe('attributesErrors', () => {
  /** A value whose JSON has so many bytes: two quotes and characters of two bytes, and one of one byte if need be. */
  const ofBytes = (bytes: number) => 'é'.repeat((bytes - 2) >> 1) + 'a'.repeat(bytes % 2);

  it('takes 16 KiB of JSON, counted in bytes, and not one more', () => {
    expect(attributesErrors(undefined, 0)).toEqual([]);
    expect(attributesErrors(ofBytes(16_384), 0)).toEqual([]);
    expect(attributesErrors(ofBytes(16_385), 2)).toEqual([
      {
        code: 'OUT_OF_RANGE',
        message: 'attributes: expected at most 16384 bytes of JSON, got 16385',
        field: ['items', '2', 'attributes'],
      },
    ]);
  });
});

/** Items 1 and 2 are live, item 3 was removed; there is no item 4. */
const ITEMS: NamedItems = new Map(
  [null, null, new Date(0)].map((removedAt, i) => [i + 1, { id: i + 1, removedAt } as ItemRow]),
);

const [FIRST, , THIRD, FOURTH] = [1, 2, 3, 4].map((row) => toGlobalId('Item', row));

describe('namedItemErrors', () => {
  it('has one error for each id that is unknown, repeated or in the wrong state, in the order of the ids', () => {
    const isRemoved = ({ id, removedAt }: ItemRow) =>
      removedAt === null ? `expected a removed item, got ${toGlobalId('Item', id)}` : null;
    const errors = namedItemErrors([4, 3, 1, 3, 4], ITEMS, isRemoved);
    expect(errors.map(({ code, field, message }) => [code, field?.join('.'), message])).toEqual([
      ['NOT_FOUND', 'items.0', `items: expected an item of the catalogue, got ${FOURTH}; items lists them`],
      ['CONFLICT', 'items.2', `items: expected a removed item, got ${FIRST}`],
      ['DUPLICATE', 'items.3', `items: expected each item once, got ${THIRD} again`],
      ['DUPLICATE', 'items.4', `items: expected each item once, got ${FOURTH} again`],
    ]);
  });
});

describe('Catalogue, asked for items of which some are wrong', () => {
  useCatalogue();
  const catalogue = () => test.catalogue;
  type Known = Parameters<ReturnType<typeof catalogue>['removeItems']>[1];
  const assignmentsOf = (rows: readonly number[]) => rows.map((itemId) => ({ itemId, codes: [1, 1] }));

  it.each([
    ['updateItems', (rows: readonly number[], known: Known) => catalogue().updateItems(rows.map((itemId) => ({ itemId, price: 1 })), false, known)], // prettier-ignore
    ['removeItems', (rows: readonly number[], known: Known) => catalogue().removeItems(rows, known)],
    ['restoreItems', (rows: readonly number[], known: Known) => catalogue().restoreItems(rows, known)],
    ['reassignSemanticIds of itemIds', (rows: readonly number[], known: Known) => catalogue().reassignSemanticIds({ itemIds: rows, dryRun: false }, known)], // prettier-ignore
    ['reassignSemanticIds of assignments', (rows: readonly number[], known: Known) => catalogue().reassignSemanticIds({ assignments: assignmentsOf(rows), dryRun: false }, known)], // prettier-ignore
  ])('names in %s each wrong id, whether it can be read or not', async (name, call) => {
    const [item] = await add({ externalId: 'a' });
    if (name === 'restoreItems') await catalogue().removeItems([item.id]);
    const ids = [toGlobalId('Item', item.id), 'nonsense', toGlobalId('Item', 999_999)];
    const references = [...ids.map((id) => ({ id })), { externalId: 'nothing' }];
    const context = { catalogue: test.catalogue };
    const { rows, userErrors: known } = await rowsOf('Item', references, context, (position) => ['list', position]);
    const { userErrors, catalogueVersion } = await call(rows, known);
    expect(userErrors.map(({ code, field }) => [code, field?.[1]])).toEqual([
      ['NOT_FOUND', '1'],
      ['NOT_FOUND', '2'],
      ['NOT_FOUND', '3'],
    ]);
    expect(catalogueVersion).toBeNull();
  });
});
