import { keptShelves, Quotas } from '../../../src/recommend/quotas';

describe('Quotas', () => {
  it('reads the shelves of each item once for all lists', async () => {
    const asked: number[][] = [];
    const shelvesOf = keptShelves(async (itemIds) => {
      asked.push([...itemIds]);
      return new Map(itemIds.map((itemId) => [itemId, { brand: `b${itemId % 2}`, group: null, categories: [] }]));
    });
    const listed = async (...itemIds: number[]) => {
      const quotas = new Quotas([{ of: 'BRAND', count: 1 }], shelvesOf);
      const items = itemIds.map((itemId) => ({ itemId }));
      return (await quotas.admit(items, 9)).map(({ itemId }) => itemId);
    };
    expect(await listed(1, 3, 2)).toEqual([1, 2]);
    expect(await listed(3, 4, 1)).toEqual([3, 4]);
    expect(asked).toEqual([[1, 3, 2], [4]]);
  });
});
