/** Ranks live items by their number of interactions. The counts are kept in memory, so that ranking needs no database. */
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import { readFirstInteractions, readInteractionCounts } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';

/** A query blocks the event loop until the SQLite driver is done, so each one reads only some rows. */
const ROWS_PER_QUERY = 4_000;

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
  /** Items that had their first interaction after the live model's training had read the interactions. */
  private boughtSince = new Set<number>();
  /** The last interaction that the live model's training read; infinite when no model is live, or when it was not trained here. */
  private lastLearned = Infinity;

  /** Forgets all counts and reads them from the database. */
  async load(client: Transaction): Promise<void> {
    this.counts.clear();
    this.total = 0;
    this.ranking = null;
    const read = (after: number, take: number) => readInteractionCounts(client, after, take);
    for await (const page of pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY)) {
      for (const { itemId, interactionCount } of page) this.add(itemId, interactionCount);
    }
    await this.findBoughtSince(client);
  }

  /** Adds the items that a committed change has made live, and drops those that it has removed. */
  async follow(client: Transaction, { kind, itemIds }: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    if (kind === 'MODEL_ACTIVATED') await this.findBoughtSince(client);
    if (kind === 'ITEMS_REMOVED') for (const itemId of itemIds) this.remove(itemId);
    if (kind !== 'ITEMS_ADDED' && kind !== 'ITEMS_RESTORED') return;
    const rows = await readCounts(client, itemIds);
    for (const { id, interactionCount } of rows) this.add(id, interactionCount);
  }

  /** Adds an item that has become live, with the interactions that it already has. */
  add(itemId: number, interactionCount: number): void {
    this.remove(itemId);
    this.counts.set(itemId, interactionCount);
    this.total += interactionCount;
    this.ranking = null;
  }

  remove(itemId: number): void {
    this.total -= this.counts.get(itemId) ?? 0;
    if (this.counts.delete(itemId)) this.ranking = null;
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
      if (count === 0 && this.lastLearned < Infinity) this.boughtSince.add(id);
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
   * @returns The cold items: live items of which the live model's training had no interactions, ascending. The first interactions
   *   of an item do not take it out: until the next training the model knows no more of it.
   */
  coldItems(): number[] {
    const ranked = this.ranked();
    let start = ranked.length;
    while (start > 0 && this.counts.get(ranked[start - 1]) === 0) start--;
    const bought = [...this.boughtSince].filter((itemId) => this.counts.get(itemId));
    return bought.length === 0 ? ranked.slice(start) : [...ranked.slice(start), ...bought].sort((a, b) => a - b);
  }

  private async findBoughtSince(client: Transaction): Promise<void> {
    const live = await client.modelVersion.findFirst({
      where: { status: 'ACTIVE' },
      select: { trainingJob: { select: { lastInteractionId: true } } },
    });
    this.lastLearned = live?.trainingJob?.lastInteractionId ?? Infinity;
    const found = (this.boughtSince = new Set()); // what is bought meanwhile is added to it
    const read = (after: number, take: number) => readFirstInteractions(client, after, take);
    for await (const page of pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY))
      for (const { itemId, firstInteractionId } of page) if (firstInteractionId > this.lastLearned) found.add(itemId);
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
