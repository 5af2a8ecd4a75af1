import { type ConnectionPage, loadRows, NO_ROWS } from '../../../../../web/src/components/pages/load-rows';

/** A connection of 250 rows. */
function connection(asked: [first: number, after: string | null][]) {
  return async (first: number, after: string | null): Promise<ConnectionPage<number>> => {
    asked.push([first, after]);
    const from = after === null ? 0 : Number(after);
    const nodes = Array.from({ length: Math.min(first, 250 - from) }, (_, index) => from + index);
    const end = from + nodes.length;
    return { nodes, pageInfo: { hasNextPage: end < 250, endCursor: String(end) } };
  };
}

describe('loadRows', () => {
  it('asks for one page, and for the next one after the rows that are there', async () => {
    const asked: [number, string | null][] = [];
    const first = await loadRows(connection(asked), NO_ROWS, 10, 0);
    expect(first).toMatchObject({ endCursor: '10', hasMore: true });
    const second = await loadRows(connection(asked), first, 10, 0);
    expect(second.rows).toHaveLength(20);
    expect(asked).toEqual([
      [10, null],
      [10, '10'],
    ]);
  });

  it('asks for as many rows as were there before, so that a reader keeps the place, a hundred at a time', async () => {
    const asked: [number, string | null][] = [];
    const again = await loadRows(connection(asked), NO_ROWS, 10, 230);
    expect(again).toMatchObject({ rows: { length: 230 }, endCursor: '230', hasMore: true });
    expect(asked).toEqual([
      [100, null],
      [100, '100'],
      [30, '200'],
    ]);
    expect(await loadRows(connection([]), NO_ROWS, 10, 1_000)).toMatchObject({ hasMore: false, endCursor: '250' });
  });

  it('has no rows where the item or user is gone', async () => {
    expect(await loadRows(async () => null, NO_ROWS, 10, 20)).toEqual({ rows: [], endCursor: null, hasMore: false });
  });
});
