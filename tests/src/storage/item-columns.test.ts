import { Prisma } from '../../../prisma/generated/sqlite/client';
import {
  INSERTED_ITEM_COLUMNS,
  insertedItem,
  ITEM_COLUMN_LIST,
  ITEM_SELECT,
  itemOfRow,
  itemRecord,
  patchUpdate,
} from '../../../src/storage/item-columns';

const ROW = {
  id: 7,
  externalId: 'a',
  title: 'Mug 100%',
  description: null,
  brand: 'B',
  categories: ['x'],
  price: 2.5,
  currency: 'EUR',
  url: null,
  imageUrl: null,
  availability: 'IN_STOCK',
  availableFrom: new Date(2_000),
  availableUntil: null,
  groupId: null,
  attributes: null,
  interactionCount: 3,
  addedAt: new Date(1_000),
  removedAt: null,
};

describe('ITEM_SELECT', () => {
  it('has every column of a record, and none that only serves look-ups', () => {
    expect(Object.keys(ITEM_SELECT).sort()).toEqual(Object.keys(ROW).sort());
    expect(itemRecord({ ...ROW, sortTitle: 'mug 100％' } as typeof ROW)).toEqual(ROW);
  });
});

describe('itemOfRow', () => {
  it('reads the columns in the order in which the SQL names them', () => {
    const text = {
      ...ROW,
      categories: '["x"]',
      ...{ availableFrom: '1970-01-01T00:00:02.000Z', addedAt: '1970-01-01T00:00:01.000Z' },
    };
    const names = ITEM_COLUMN_LIST.split(', ').map((name) => name.slice(1, -1) as keyof typeof ROW);
    expect(itemOfRow(names.map((name) => text[name]))).toEqual(ROW);
  });
});

describe('insertedItem', () => {
  it('has a value for every column that is inserted, and null for what is not given', () => {
    const item = insertedItem({ externalId: 'a', title: 'Mug_100%' });
    expect(Object.keys(item)).toEqual(Object.keys(INSERTED_ITEM_COLUMNS));
    expect(item).toEqual({
      ...{ externalId: 'a', title: 'Mug_100%', sortTitle: 'mug_100%', description: null, brand: null },
      ...{ categories: [], price: null, currency: null, url: null, imageUrl: null, availability: 'IN_STOCK' },
      ...{
        availableFrom: null,
        availableUntil: null,
        groupId: null,
        attributes: null,
        addedAt: expect.any(Date),
        removedAt: null,
      },
    });
  });
});

describe('patchUpdate', () => {
  it('has only the columns of fields that are given; null empties them', () => {
    expect(patchUpdate({})).toEqual({});
    expect(patchUpdate({ title: 'New', brand: undefined })).toEqual({ title: 'New', sortTitle: 'new' });
    expect(patchUpdate({ categories: null, attributes: null, price: null })).toEqual({
      categories: [],
      attributes: Prisma.DbNull,
      price: null,
    });
  });
});
