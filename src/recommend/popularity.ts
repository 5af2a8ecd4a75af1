/** Ranks live items by their number of interactions. The counts are kept in memory, so that ranking needs no database. */
import type { KnownItems } from '../../models/checkpoint/known-items';
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import { readInteractionCounts } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import { ColdList } from './cold-list';

/** A query blocks the event loop until the SQLite driver is done, so each one reads only some rows. */
const ROWS_PER_QUERY = 4_000;
/** Models whose cold items are kept: the live one, and another one that a caller names. */
const MAX_COLD_LISTS = 2;

export interface PopularItem {
  readonly itemId: number;
  /** The item's share of all interactions with live items, 0–1. */
  readonly share: number;
}

export class Popularity {
  private readonly counts = new Map<number, number>();
  private total = 0;
  /** Item ids, most interactions first; of equal ones the older item. Null when a count changed since it was made. */
  private ranking: number[] | null = null;
  /** Those asked for last come first. */
  private coldLists: readonly ColdList[] = [];

  /** Forgets all counts and reads them from the database. */
  async load(client: Transaction): Promise<void> {
    this.counts.clear();
    this.total = 0;
    this.ranking = null;
    this.coldLists = [];
    const read = (after: number, take: number) => readInteractionCounts(client, after, take);
    for await (const page of pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY)) {
      for (const { itemId, interactionCount } of page) this.add(itemId, interactionCount);
    }
  }

  /** Adds the items that a committed change has made live, and drops those that it has removed. */
  async follow(client: Transaction, { kind, itemIds }: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    if (kind === 'ITEMS_REMOVED') for (const itemId of itemIds) this.remove(itemId);
    if (kind !== 'ITEMS_ADDED' && kind !== 'ITEMS_RESTORED') return;
    const rows = await readCounts(client, itemIds);
    for (const { id, interactionCount } of rows) this.add(id, interactionCount);
  }

  /** Adds an item that has become live, with the interactions that it already has. */
  add(itemId: number, interactionCount: number): void {
    this.total += interactionCount - (this.counts.get(itemId) ?? 0);
    this.counts.set(itemId, interactionCount);
    this.ranking = null;
    for (const list of this.coldLists) list.add(itemId);
  }

  remove(itemId: number): void {
    this.total -= this.counts.get(itemId) ?? 0;
    if (this.counts.delete(itemId)) this.ranking = null;
    for (const list of this.coldLists) list.remove(itemId);
  }

  /** Whether no item is live. */
  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  /** Reads the counts of items that had new interactions. Items that are not live are left out. Counts never fall. */
  async refresh(client: Transaction, itemIds: readonly number[]): Promise<void> {
    const known = [...new Set(itemIds)].filter((itemId) => this.counts.has(itemId));
    for (const { id, interactionCount } of await readCounts(client, known)) {
      const count = this.counts.get(id);
      // Another refresh may have read a newer count meanwhile, or a removal may have dropped the item.
      if (count === undefined || interactionCount <= count) continue;
      this.add(id, interactionCount);
    }
  }

  /** @returns The most popular items that are allowed (null: all are) and not denied, best first. */
  top({ allow, deny, first }: PopularItemsArgs): PopularItem[] {
    const found: PopularItem[] = [];
    for (const itemId of this.ranked()) {
      if (found.length === first) break;
      if (deny.has(itemId) || (allow !== null && !allow.has(itemId))) continue;
      found.push({ itemId, share: this.total === 0 ? 0 : this.counts.get(itemId)! / this.total });
    }
    return found;
  }

  /**
   * @param known - The items that the model has learned.
   * @returns The cold items: live items that are not among them, ascending. Interactions do not take an item out: until the next
   *   training the model knows no more of it.
   */
  coldItems(known: KnownItems): readonly number[] {
    const kept = this.coldLists.find((list) => list.known === known);
    const list = kept ?? new ColdList(known, this.counts.keys());
    this.coldLists = [list, ...this.coldLists.filter((other) => other !== list)].slice(0, MAX_COLD_LISTS);
    return list.ascending();
  }

  private ranked(): number[] {
    this.ranking ??= [...this.counts.keys()].sort((a, b) => this.counts.get(b)! - this.counts.get(a)! || a - b);
    return this.ranking;
  }
}

function readCounts(client: Transaction, itemIds: readonly number[]) {
  return readByKeys(itemIds, (some) =>
    client.item.findMany({
      where: { id: { in: some }, removedAt: null },
      select: { id: true, interactionCount: true },
    }),
  );
}

export interface PopularItemsArgs {
  readonly allow: ReadonlySet<number> | null;
  readonly deny: ReadonlySet<number>;
  readonly first: number;
}
