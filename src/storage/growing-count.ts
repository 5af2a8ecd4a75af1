/** The number of rows of a table that only grows. Rows that were counted once are not counted again. */

export interface CountedTable {
  /** @returns The greatest id; 0 when there are no rows. */
  last(): Promise<number>;
  /** @returns How many rows have ids above `after`, up to `last`. */
  count(ids: { readonly gt: number; readonly lte: number }): Promise<number>;
}

export class GrowingCount {
  private counted = Promise.resolve({ last: 0, rows: 0 });

  constructor(private readonly table: CountedTable) {}

  /** Calls follow one another, so that those that come together count no row twice. */
  async now(): Promise<number> {
    const before = this.counted;
    const next = before.then((counted) => this.grown(counted));
    this.counted = next.catch(() => before);
    return (await next).rows;
  }

  private async grown({ last, rows }: { readonly last: number; readonly rows: number }) {
    const newest = await this.table.last();
    if (newest === last) return { last, rows };
    if (newest < last) return { last: newest, rows: await this.table.count({ gt: 0, lte: newest }) }; // it was emptied
    return { last: newest, rows: rows + (await this.table.count({ gt: last, lte: newest })) };
  }
}
