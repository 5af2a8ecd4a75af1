import { readRows, toGlobalId } from '../../../graphql/common/global-id';
import { liveItemErrors, namedItemErrors, type NamedItems } from '../../../src/catalogue/named-items';
import type { ItemRow } from '../../../src/storage/item-columns';
import { smallCatalogue } from '../../support/small-catalogue';

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
      ['NOT_FOUND', 'itemIds.0', `itemIds: expected an item of the catalogue, got ${FOURTH}; items lists them`],
      ['CONFLICT', 'itemIds.2', `itemIds: expected a removed item, got ${FIRST}`],
      ['DUPLICATE', 'itemIds.3', `itemIds: expected each item once, got ${THIRD} again`],
      ['DUPLICATE', 'itemIds.4', `itemIds: expected each item once, got ${FOURTH} again`],
    ]);
  });
});

describe('liveItemErrors', () => {
  it('says of removed items that they are, and names the place that the caller gives', () => {
    const at = { name: 'items', fieldOf: (position: number) => ['items', position, 'id'] };
    expect(liveItemErrors([1, 3], ITEMS, at)).toEqual([
      {
        code: 'NOT_FOUND',
        message: `items: expected an item of the catalogue, got ${THIRD}, which is removed; restore it first`,
        field: ['items', '1', 'id'],
      },
    ]);
    expect(liveItemErrors([1, 2], ITEMS)).toEqual([]);
  });
});

describe('Catalogue, asked for items of which some are wrong', () => {
  const small = smallCatalogue();
  const catalogue = () => small.test.catalogue;
  type Known = Parameters<ReturnType<typeof catalogue>['removeItems']>[1];
  const assignmentsOf = (rows: readonly number[]) => rows.map((itemId) => ({ itemId, codes: [1, 1] }));

  it.each([
    ['updateItems', (rows: readonly number[], known: Known) => catalogue().updateItems(rows.map((itemId) => ({ itemId, price: 1 })), false, known)], // prettier-ignore
    ['removeItems', (rows: readonly number[], known: Known) => catalogue().removeItems(rows, known)],
    ['restoreItems', (rows: readonly number[], known: Known) => catalogue().restoreItems(rows, known)],
    ['reassignSemanticIds of itemIds', (rows: readonly number[], known: Known) => catalogue().reassignSemanticIds({ itemIds: rows, dryRun: false }, known)], // prettier-ignore
    ['reassignSemanticIds of assignments', (rows: readonly number[], known: Known) => catalogue().reassignSemanticIds({ assignments: assignmentsOf(rows), dryRun: false }, known)], // prettier-ignore
  ])('names in %s each wrong id, whether it can be read or not', async (name, call) => {
    const [item] = await small.add({ externalId: 'a' });
    if (name === 'restoreItems') await catalogue().removeItems([item.id]);
    const ids = [toGlobalId('Item', item.id), 'nonsense', toGlobalId('Item', 999_999), 'nonsense'];
    const { rows, userErrors: known } = readRows('Item', ids, (position) => ['list', String(position)]);
    const { userErrors, catalogueVersion } = await call(rows, known);
    expect(userErrors.map(({ code, field }) => [code, field?.[1]])).toEqual([
      ['NOT_FOUND', '1'],
      ['NOT_FOUND', '2'],
      ['NOT_FOUND', '3'],
    ]);
    expect(catalogueVersion).toBeNull();
  });
});
