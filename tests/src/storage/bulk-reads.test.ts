import { forKeys, pagesOf, readByKeys } from '../../../src/storage/bulk-reads';

/** Reads a table with the ids 1 … count. */
const tableOf = (count: number) => async (after: number, take: number) =>
  Array.from({ length: Math.max(0, Math.min(take, count - after)) }, (_, i) => ({ id: after + 1 + i }));

const idOf = ({ id }: { readonly id: number }) => id;

describe('pagesOf', () => {
  it.each([
    [0, []],
    [2, [[1, 2]]],
    [3, [[1, 2, 3]]],
    [7, [[1, 2, 3], [4, 5, 6], [7]]],
  ])('gives %i rows in pages of three, none of them empty', async (count, expected) => {
    const pages: number[][] = [];
    for await (const page of pagesOf(0, tableOf(count), idOf, 3)) pages.push(page.map(idOf));
    expect(pages).toEqual(expected);
  });
});

describe('readByKeys and forKeys', () => {
  it('ask for each key once, in order, so many at a time', async () => {
    const keys = Array.from({ length: 1_001 }, (_, i) => i);
    const sizes: number[] = [];
    const rows = await readByKeys(keys, async (some) => {
      sizes.push(some.length);
      return some;
    });
    expect(rows).toEqual(keys);
    expect(sizes).toEqual([500, 500, 1]);
    const pieces: string[] = [];
    await forKeys(['a', 'b', 'c'], async (some) => void pieces.push(some.join('')), 2);
    expect(pieces).toEqual(['ab', 'c']);
  });
});
