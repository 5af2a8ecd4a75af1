import { forKeys, pagesOf, readByKeys, readInPages, readInWindows } from '../../../src/storage/bulk-reads';

/** Stands for a table with the ids 1 … count. */
function tableOf(count: number) {
  const asked: [number, number][] = [];
  const read = async (after: number, take: number) => {
    asked.push([after, take]);
    return Array.from({ length: Math.max(0, Math.min(take, count - after)) }, (_, i) => ({ id: after + 1 + i }));
  };
  return { asked, read };
}

const idOf = ({ id }: { readonly id: number }) => id;

describe('pagesOf', () => {
  it.each([
    [0, []],
    [2, [[1, 2]]],
    [3, [[1, 2, 3]]],
    [7, [[1, 2, 3], [4, 5, 6], [7]]],
  ])('gives %i rows in pages of three, none of them empty', async (count, expected) => {
    const pages: number[][] = [];
    for await (const page of pagesOf(0, tableOf(count).read, idOf, 3)) pages.push(page.map(idOf));
    expect(pages).toEqual(expected);
  });
});

describe('readInPages', () => {
  it('asks for each page after the last key of the one before', async () => {
    const { asked, read } = tableOf(600);
    expect((await readInPages(0, read, idOf)).map(idOf)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    expect(asked).toEqual([
      [0, 250],
      [250, 250],
      [500, 250],
    ]);
  });
});

describe('readInWindows', () => {
  it('asks for windows of ids up to the last id', async () => {
    const windows: [number, number][] = [];
    const rows = await readInWindows(1_200, async ({ gt, lte }) => {
      windows.push([gt, lte]);
      return [gt + 1];
    });
    expect(rows).toEqual([1, 501, 1_001]);
    expect(windows).toEqual([
      [0, 500],
      [500, 1_000],
      [1_000, 1_500],
    ]);
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
