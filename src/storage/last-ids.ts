/** The greatest ids, and what they tell: how many rows a table has, and whether a database has the demo shop alone. */
import type { Transaction } from './transaction';

const NEWEST = { orderBy: { id: 'desc' }, select: { id: true } } as const;

interface Numbered {
  findFirst(query: typeof NEWEST): Promise<{ readonly id: number } | null>;
}

/** @returns A function that gives the greatest id, of removed items too; 0 when there are no rows. */
const lastIdIn =
  (table: 'item' | 'interaction' | 'user' | 'progressEvent' | 'erasure') => async (client: Transaction) =>
    (await (client[table] as unknown as Numbered).findFirst(NEWEST))?.id ?? 0;

export const lastItemId = lastIdIn('item');
export const lastInteractionId = lastIdIn('interaction');
export const lastUserId = lastIdIn('user');
export const lastProgressEventId = lastIdIn('progressEvent');
/** The number of the last erasure of a user. */
export const lastErasureId = lastIdIn('erasure');

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

export class RowCount {
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

/** An id below all others. */
const NEVER = -1;

/**
 * Rows that came after the demo shop have greater ids. Only users are ever deleted, with their interactions: see `rememberOtherRows`.
 *
 * @returns Null while the demo shop is being loaded.
 */
export async function hasDemoAlone(client: Transaction): Promise<boolean | null> {
  const demo = await client.demoShop.findFirst();
  if (demo === null || demo.lastUserId === NEVER) return false;
  if (!demo.isComplete) return null;
  const last = await Promise.all([lastUserId(client), lastItemId(client), lastInteractionId(client)]);
  const ofDemo = [demo.lastUserId, demo.lastItemId, demo.lastInteractionId];
  return last.every((id, i) => id <= ofDemo[i]);
}

/** Call it before users or interactions are deleted: a database that has others than the demo's stays one that had them. */
export async function rememberOtherRows(transaction: Transaction): Promise<void> {
  if ((await hasDemoAlone(transaction)) !== false) return;
  await transaction.demoShop.updateMany({ where: { lastUserId: { not: NEVER } }, data: { lastUserId: NEVER } });
}
