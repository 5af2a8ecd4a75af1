import { KnownItems } from '../../../models/checkpoint/known-items';

const items = (...ids: number[]) => ({
  tensors: { 'semantic-ids': { items: { shape: [ids.length], data: Int32Array.from(ids) } } },
});

describe('KnownItems', () => {
  it('knows the items of a checkpoint in any order, but not those of which nothing was learned', () => {
    const known = KnownItems.of(items(70, -2, 3, 0, 12));
    expect([0, 3, 12, 70].every((itemId) => known.has(itemId))).toBe(true);
    expect([-2, 1, 2, 13, 69, 71].some((itemId) => known.has(itemId))).toBe(false);
  });
});
