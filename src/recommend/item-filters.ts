/** Finds the items that pass a filter, keeps the answers for the filters in use, and updates them with the catalogue. */
import { LRUCache } from 'lru-cache';

import type { ItemFilterArgs } from '../../graphql/item/records';
import type { CommittedChange } from '../storage/change-log';
import type { AllowList } from '../workers/messages';
import { rechecked } from './ascending-ids';
import type { RecommendationReads } from './recommendation-reads';

/** A filter that 100,000 items pass takes 400 kB. */
const MAX_FILTERS = 32;
/** After a change of more items than this, all answers are forgotten: finding them anew costs no more than updating them. */
const MAX_TOUCHED_ITEMS = 1_000;

interface KnownFilter {
  readonly filter: ItemFilterArgs;
  readonly list: Promise<AllowList>;
}

type Reads = Pick<RecommendationReads, 'matchingItemIds'>;

export class ItemFilters {
  /** By the filter's content. */
  private readonly known = new LRUCache<string, KnownFilter>({ max: MAX_FILTERS });
  private lastId = 0;

  constructor(private readonly reads: Reads) {}

  /** @returns The live items that pass, ascending. Equal filters get the same list with the same id until a change touches it. */
  passing(filter: ItemFilterArgs): Promise<AllowList> {
    const key = keyOf(filter);
    const entry = this.known.get(key) ?? { filter, list: this.find(filter, key) };
    this.known.set(key, entry);
    return entry.list;
  }

  /** Checks the touched items again, for every filter that is kept. */
  async follow({ kind, itemIds }: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    if (kind === 'MODEL_ACTIVATED' || itemIds.length > MAX_TOUCHED_ITEMS) {
      this.known.clear();
      return;
    }
    // Setting an entry makes it the newest: the least recently used comes first, so that the order stays.
    for (const key of [...this.known.rkeys()]) {
      const entry = this.known.peek(key);
      if (entry === undefined) continue; // dropped while another one was updated
      const list = this.renewed(entry, itemIds);
      this.keep(key, { ...entry, list });
      await list.catch(() => undefined);
    }
  }

  private async find(filter: ItemFilterArgs, key: string): Promise<AllowList> {
    try {
      return { id: ++this.lastId, itemIds: await this.reads.matchingItemIds(filter) };
    } catch (error) {
      this.known.delete(key); // the next call tries again
      throw error;
    }
  }

  private async renewed({ filter, list }: KnownFilter, touched: readonly number[]): Promise<AllowList> {
    const present = await list;
    const passing = await this.reads.matchingItemIds(filter, touched);
    const itemIds = rechecked(present.itemIds, Int32Array.from(new Set(touched)).sort(), passing);
    return itemIds === present.itemIds ? present : { id: ++this.lastId, itemIds };
  }

  private keep(key: string, entry: KnownFilter): void {
    this.known.set(key, entry);
    entry.list.catch(() => this.known.delete(key));
  }
}

/** Equal for filters that ask for the same, in whatever order their fields stand. */
function keyOf(filter: ItemFilterArgs): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
