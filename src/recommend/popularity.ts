/**
 * Ranks live items by how often users did something with them, each user once a day and by the weights of the kinds. The counts are in
 * memory: ranking reads nothing.
 */
import { Mutex } from 'async-mutex';

import type { KnownItems } from '../../models/checkpoint/known-items';
import { isAmong } from '../../models/math/arrays';
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import { forEachYielding } from '../storage/event-loop';
import { liveItemIds } from '../storage/item-rows';
import { type ItemCount, readPopularity } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import { PopularityRanking } from './popularity-ranking';

/** A query blocks the event loop until the SQLite driver is done, so each one reads only some rows. */
const ROWS_PER_QUERY = 4_000;
/** A filter that admits no more items than this is ranked apart: in a large shop its items lie far down in the whole ranking. */
const MAX_RANKED_APART = 1_000;

type FollowedChange = Pick<CommittedChange, 'kind' | 'itemIds'>;

const NONE: ReadonlySet<number> = new Set();

export interface PopularItem {
  readonly itemId: number;
  /** The item's share of what all live items have, 0–1. */
  readonly share: number;
}

export class Popularity {
  private counts = new Map<number, number>();
  private total = 0;
  private ranking = new PopularityRanking();
  /** The cold items that were asked for last, for as long as no item comes or goes. */
  private cold: { readonly known: KnownItems; readonly itemIds: Int32Array } | null = null;
  /** Counts are read and kept by one caller at a time: of two that overlap, the older ones might be kept last. */
  private readonly reading = new Mutex();

  /** Forgets all counts and reads them from the database. */
  async load(client: Transaction): Promise<void> {
    const counts = new Map<number, number>();
    for await (const page of pagesOfCounts(client)) {
      for (const { itemId, count } of page) counts.set(itemId, count);
    }
    this.counts = counts;
    this.total = 0;
    for (const count of counts.values()) this.total += count;
    this.ranking = new PopularityRanking(counts);
    this.cold = null;
  }

  /** Drops the items that a committed change has removed. */
  async drop(client: Transaction, { kind, itemIds }: FollowedChange): Promise<void> {
    if (kind !== 'ITEMS_REMOVED' && kind !== 'ITEMS_UPSERTED') return;
    const live = kind === 'ITEMS_REMOVED' ? NONE : await liveItemIds(client, itemIds);
    for (const itemId of itemIds) if (!live.has(itemId)) this.remove(itemId);
  }

  /** Adds the items that a committed change has made live. */
  async join(client: Transaction, { kind, itemIds }: FollowedChange): Promise<void> {
    if (kind !== 'ITEMS_ADDED' && kind !== 'ITEMS_RESTORED' && kind !== 'ITEMS_UPSERTED') return;
    await this.reading.runExclusive(async () => {
      const rows = await readCounts(client, itemIds);
      await forEachYielding(rows, ({ id, popularity }) => this.add(id, popularity));
    });
  }

  /** Adds an item that has become live, with the popularity that it already has. */
  add(itemId: number, count: number): void {
    const before = this.counts.get(itemId);
    if (before === undefined) {
      this.ranking.add(itemId, count);
      this.cold = null;
    } else this.ranking.move(itemId, before, count);
    this.total += count - (before ?? 0);
    this.counts.set(itemId, count);
  }

  remove(itemId: number): void {
    const count = this.counts.get(itemId);
    if (count === undefined) return;
    this.ranking.remove(itemId, count);
    this.total -= count;
    this.counts.delete(itemId);
    this.cold = null;
  }

  /** How many items are live. */
  get size(): number {
    return this.counts.size;
  }

  /** Whether the item is live. */
  has(itemId: number): boolean {
    return this.counts.has(itemId);
  }

  /** @returns The popularity of an item; 0 for one that is not live. */
  countOf(itemId: number): number {
    return this.counts.get(itemId) ?? 0;
  }

  /** @returns The item's share of what all live items have, 0–1. */
  shareOf(itemId: number): number {
    return this.total === 0 ? 0 : this.countOf(itemId) / this.total;
  }

  /** Reads the counts of items whose interactions have become more or fewer. Items that are not live are left out. */
  async refresh(client: Transaction, itemIds: readonly number[]): Promise<void> {
    await this.reading.runExclusive(async () => {
      const known = [...new Set(itemIds)].filter((itemId) => this.counts.has(itemId));
      await forEachYielding(await readCounts(client, known), ({ id, popularity }) => {
        const count = this.counts.get(id); // a removal may have dropped the item meanwhile
        if (count !== undefined && popularity !== count) this.add(id, popularity);
      });
    });
  }

  /** Looks at all counts, since interactions were erased, and nothing tells with which items they were. */
  async refreshAll(client: Transaction): Promise<void> {
    for await (const page of pagesOfCounts(client)) {
      const isOther = ({ itemId, count }: ItemCount) => this.counts.get(itemId) !== count;
      await this.refresh(
        client,
        page.filter(isOther).map(({ itemId }) => itemId),
      );
    }
  }

  /** @returns The most popular items that are allowed (null: all are), not denied, and qualify, best first. */
  top({ allow, deny, first, qualifies = () => true }: PopularItemsArgs): PopularItem[] {
    const ranking = allow === null || allow.length > MAX_RANKED_APART ? this.ranking : this.rankingOf(allow);
    const found: PopularItem[] = [];
    for (let place = 0; place < ranking.length && found.length < first; place++) {
      const itemId = ranking.at(place);
      if (deny.has(itemId) || (allow !== null && !isAmong(allow, itemId)) || !qualifies(itemId)) continue;
      found.push({ itemId, share: this.shareOf(itemId) });
    }
    return found;
  }

  /**
   * @param known - The items that the model has learned.
   * @returns The cold items: live items that are not among them, ascending. Interactions do not take an item out: until the next
   *   training the model knows no more of it.
   */
  coldItems(known: KnownItems): Int32Array {
    if (this.cold?.known !== known) {
      const itemIds = [...this.counts.keys()].filter((itemId) => !known.has(itemId));
      this.cold = { known, itemIds: Int32Array.from(itemIds).sort() };
    }
    return this.cold.itemIds;
  }

  private rankingOf(itemIds: Int32Array): PopularityRanking {
    const live = [...itemIds].filter((itemId) => this.counts.has(itemId));
    return new PopularityRanking(new Map(live.map((itemId) => [itemId, this.counts.get(itemId)!])));
  }
}

function pagesOfCounts(client: Transaction): AsyncGenerator<ItemCount[]> {
  const read = (after: number, take: number) => readPopularity(client, after, take);
  return pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY);
}

function readCounts(client: Transaction, itemIds: readonly number[]) {
  return readByKeys(itemIds, (some) =>
    client.item.findMany({
      where: { id: { in: some }, removedAt: null },
      select: { id: true, popularity: true },
    }),
  );
}

interface PopularItemsArgs {
  /** Ascending. */
  readonly allow: Int32Array | null;
  readonly deny: ReadonlySet<number>;
  readonly first: number;
  /** Absent: all do. */
  readonly qualifies?: (itemId: number) => boolean;
}
