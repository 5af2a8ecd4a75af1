/** Finds the items that pass a filter, keeps the answers for the filters in use, and updates them with the catalogue. */
import { Semaphore } from 'async-mutex';
import { LRUCache } from 'lru-cache';

import type { ItemFilterArgs } from '../../graphql/item/records';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { liveItems } from '../catalogue/item-lists';
import { OverloadedError } from '../errors';
import { readInWindows } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import { readItemIds } from '../storage/item-lists';
import { lastItemId } from '../storage/last-ids';
import type { AllowList } from '../workers/messages';
import { rechecked } from './ascending-ids';

/** A filter that 100,000 items pass takes 400 kB. */
const MAX_FILTERS = 32;
/** After a change of more items than this, all answers are forgotten: finding them anew costs no more than updating them. */
const MAX_TOUCHED_ITEMS = 1_000;

/** A search goes through the whole catalogue, mostly on the main thread: searches must not take all of its time. */
const MAX_SEARCHES = 2;
/** Searches that run or wait; one operation may have 50 filters. */
const MAX_PENDING = 64;

interface KnownFilter {
  readonly filter: ItemFilterArgs;
  readonly list: Promise<AllowList>;
}

export class ItemFilters {
  /** Keyed by the filter's content: see `keyOf`. */
  private readonly known = new LRUCache<string, KnownFilter>({ max: MAX_FILTERS });
  private readonly searches = new Semaphore(MAX_SEARCHES);
  private pending = 0;
  private lastId = 0;

  constructor(
    private readonly client: PrismaClient,
    private readonly find = matchingItemIds,
  ) {}

  /**
   * Equal filters get the same list with the same id until a change touches it.
   *
   * @returns The live items that pass, ascending.
   * @throws {OverloadedError} When too many searches wait.
   */
  passing(filter: ItemFilterArgs): Promise<AllowList> {
    const key = keyOf(filter);
    const known = this.known.get(key);
    if (known !== undefined) return known.list;
    const list = this.searchAll(filter);
    this.keep(key, { filter, list });
    return list;
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

  private async searchAll(filter: ItemFilterArgs): Promise<AllowList> {
    if (this.pending >= MAX_PENDING) throw new OverloadedError(TOO_MANY);
    this.pending++;
    try {
      const itemIds = await this.searches.runExclusive(() => this.find(this.client, filter));
      return { id: ++this.lastId, itemIds };
    } finally {
      this.pending--;
    }
  }

  private async renewed({ filter, list }: KnownFilter, touched: readonly number[]): Promise<AllowList> {
    const present = await list;
    const passing = await this.find(this.client, filter, touched);
    const itemIds = rechecked(present.itemIds, Int32Array.from(new Set(touched)).sort(), passing);
    return itemIds === present.itemIds ? present : { id: ++this.lastId, itemIds };
  }

  /** A search that failed is forgotten, so that the next call tries again. */
  private keep(key: string, entry: KnownFilter): void {
    this.known.set(key, entry);
    entry.list.catch(() => this.known.peek(key) === entry && this.known.delete(key));
  }
}

const TOO_MANY = `filter: expected at most ${MAX_PENDING} new filters at a time, got more; try again later`;

/** Equal for filters that ask for the same, in whatever order their fields stand. */
function keyOf(filter: ItemFilterArgs): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param among - Only these items are looked at; absent: all.
 * @returns Ids of the live items that pass, ascending.
 */
export async function matchingItemIds(
  client: PrismaClient,
  filter: ItemFilterArgs,
  among?: readonly number[],
): Promise<Int32Array> {
  const live = await liveItems(client, filter);
  if (among) return Int32Array.from(await readItemIds(client, live, among));
  return Int32Array.from(await readInWindows(await lastItemId(client), (ids) => readItemIds(client, live, ids)));
}
