/** The number of rows of a table that mostly grows. Rows that were counted once are not counted again, until some are erased. */

export interface CountedTable {
  /** @returns Another number than before when rows may be gone. */
  erasures(): Promise<number>;
  /** @returns The greatest id; 0 when there are no rows. */
  last(): Promise<number>;
  /** @returns How many rows have ids above `after`, up to `last`. */
  count(ids: { readonly gt: number; readonly lte: number }): Promise<number>;
}

interface Counted {
  readonly erasures: number;
  readonly last: number;
  readonly rows: number;
}

export class GrowingCount {
  private counted: Promise<Counted> = Promise.resolve({ erasures: 0, last: 0, rows: 0 });

  constructor(private readonly table: CountedTable) {}

  /** Calls follow one another, so that those that come together count no row twice. */
  async now(): Promise<number> {
    const before = this.counted;
    const next = before.then((counted) => this.grown(counted));
    this.counted = next.catch(() => before);
    return (await next).rows;
  }

  private async grown(counted: Counted): Promise<Counted> {
    const erasures = await this.table.erasures(); // before the rows: what is erased from now on is noticed at the next call
    const last = await this.table.last();
    const isGrown = erasures === counted.erasures && last >= counted.last;
    const before = isGrown ? counted : { last: 0, rows: 0 };
    if (last === before.last) return { erasures, last, rows: before.rows };
    return { erasures, last, rows: before.rows + (await this.table.count({ gt: before.last, lte: last })) };
  }
}
