/**
 * Finds the items that a list may have under a filter, keeps the answers for the filters in use, and updates them with the catalogue and
 * the clock.
 */
import { Mutex, Semaphore } from 'async-mutex';
import { LRUCache } from 'lru-cache';

import { isAmong, joinArrays, placeOf } from '../../models/math/arrays';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { type ListFilter, liveItems } from '../catalogue/item-lists';
import { OverloadedError } from '../errors';
import { readInWindows } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import { columnConditions } from '../storage/item-columns';
import { hasItem, readItemIds } from '../storage/item-lists';
import { lastItemId } from '../storage/last-ids';
import type { AllowList } from '../workers/messages';
import { ItemGroups } from './item-groups';
import type { Popularity } from './popularity';

/** Each boost of a placement has a filter, and one stands for all that it hides. After each change all that are kept are checked again. */
const MAX_FILTERS = 128;
/** The items that pass the filters kept: 128 MB of ids, and twice as much in a shop with groups. */
const MAX_KEPT_ITEMS = 2 ** 25;
/** After a change of more items than this, the next lists search anew: that costs no more than updating all that is kept. */
const MAX_TOUCHED_ITEMS = 1_000;

/** A search goes through the whole catalogue, mostly on the main thread: searches must not take all of its time. */
const MAX_SEARCHES = 2;
/** Searches that run or wait; one operation may have 50 filters. */
const MAX_PENDING = 64;

interface KnownFilter {
  readonly filter: ListFilter;
  readonly oncePerGroup: boolean;
  readonly passing: Promise<Passing>;
}

interface Passing {
  /** The available items that pass the filter, ascending. */
  readonly all: Int32Array;
  /** The ones among them that a list may have. */
  readonly list: AllowList;
}

export class ItemFilters {
  /** Keyed by the filter's content: see `keyOf`. */
  private readonly known = new LRUCache<string, KnownFilter>({ max: MAX_FILTERS, maxSize: MAX_KEPT_ITEMS });
  private readonly groups: ItemGroups;
  /** Whether no item lacked, or had a group, so far: then a list without a filter may have every live item. */
  private isOpen = true;
  /** The items whose dates came until then are looked at. */
  private lookedAt = new Date();
  private readonly following = new Mutex();
  private readonly searches = new Semaphore(MAX_SEARCHES);
  private pending = 0;
  private lastId = 0;

  constructor(
    private readonly client: PrismaClient,
    private readonly popularity: Pick<Popularity, 'countOf'>,
    private readonly find = matchingItemIds,
  ) {
    this.groups = new ItemGroups(client);
  }

  /** Reads which items lists may have. Call it before anything is followed. */
  async begin(): Promise<void> {
    this.lookedAt = new Date();
    await this.groups.load();
    this.isOpen = this.groups.isEmpty && !(await this.isSomeUnavailable());
    if (!this.isOpen) await this.passing({}, true);
  }

  /**
   * Equal filters get the same list with the same id until a change touches it.
   *
   * @param oncePerGroup - Whether the list has one item of each group.
   * @returns The live items that pass and are available now, ascending; null: all live items.
   * @throws {OverloadedError} When too many searches wait.
   */
  async passing(filter: ListFilter, oncePerGroup: boolean): Promise<AllowList | null> {
    const key = keyOf(filter, oncePerGroup);
    if (this.isOpen && key === EVERYTHING) return null;
    const known = this.known.get(key) ?? this.search(key, filter, oncePerGroup);
    return (await known.passing).list;
  }

  /** @returns The conditions that a live item does not meet. */
  async failing(filter: ListFilter, itemId: number): Promise<string[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
    const found = await Promise.all(given.map((one) => this.find(this.client, Object.fromEntries([one]), [itemId])));
    return given.flatMap(([name], i) => (found[i].length === 0 ? [name] : []));
  }

  /** @returns Those of the listed items that are in a group with one of the others. */
  alike(itemIds: Iterable<number>, listed: AllowList | null): number[] {
    return listed === null || this.groups.isEmpty ? [] : this.groups.standIns(itemIds, listed.itemIds);
  }

  /** Checks the touched items again, for every filter that is kept. */
  follow(change: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    return this.following.runExclusive(() => this.renew(change));
  }

  /** Checks the items again whose availability has begun or ended since the last look. */
  followDates(): Promise<void> {
    return this.following.runExclusive(async () => {
      const [since, now] = [this.lookedAt, new Date()];
      const between = { gt: since, lte: now };
      const where = { OR: [{ availableFrom: between }, { availableUntil: between }] };
      const rows = await this.client.item.findMany({ where, select: { id: true } });
      if (rows.length > 0) await this.renew({ kind: 'ITEMS_UPDATED', itemIds: rows.map(({ id }) => id) });
      this.lookedAt = now;
    });
  }

  private async renew({ kind, itemIds }: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    if (kind === 'MODEL_ACTIVATED') {
      for (const [key, { filter }] of [...this.known.entries()]) if (namesPrefix(filter)) this.known.delete(key);
      return;
    }
    const around = await this.groups.follow(itemIds);
    const isMany = itemIds.length > MAX_TOUCHED_ITEMS;
    if (this.isOpen) this.isOpen = this.groups.isEmpty && !(await this.isSomeUnavailable(isMany ? null : itemIds));
    if (isMany) return this.known.clear();
    const touched = Int32Array.from(new Set(itemIds)).sort();
    // Setting an entry makes it the newest: the least recently used comes first, so that the order stays.
    for (const key of [...this.known.rkeys()]) {
      const entry = this.known.peek(key);
      if (entry === undefined) continue; // dropped while another one was updated
      const passing = this.renewed(entry, touched, around);
      this.keep(key, { ...entry, passing });
      await passing.catch(() => undefined);
    }
  }

  private search(key: string, filter: ListFilter, oncePerGroup: boolean): KnownFilter {
    const entry = { filter, oncePerGroup, passing: this.searchAll(filter, oncePerGroup) };
    this.keep(key, entry);
    return entry;
  }

  private async searchAll(filter: ListFilter, oncePerGroup: boolean): Promise<Passing> {
    if (this.pending >= MAX_PENDING) throw new OverloadedError(TOO_MANY);
    this.pending++;
    try {
      const all = await this.searches.runExclusive(() => this.find(this.client, available(filter)));
      return this.passingOf(all, oncePerGroup ? this.onePerGroup(all) : all);
    } finally {
      this.pending--;
    }
  }

  /** @param around - The touched items and all that were or are in a group with them. Both ascend. */
  private async renewed(
    { filter, oncePerGroup, passing }: KnownFilter,
    touched: Int32Array,
    around: Int32Array,
  ): Promise<Passing> {
    const { all: before, list } = await passing;
    const all = rechecked(before, touched, await this.find(this.client, available(filter), [...touched]));
    const itemIds =
      oncePerGroup && !this.groups.isEmpty
        ? rechecked(list.itemIds, around, this.onePerGroup(around.filter((itemId) => isAmong(all, itemId))))
        : all;
    return itemIds === list.itemIds ? { all, list } : this.passingOf(all, itemIds);
  }

  private onePerGroup(itemIds: Int32Array): Int32Array {
    return this.groups.onePerGroup(itemIds, (itemId) => this.popularity.countOf(itemId));
  }

  /** The threads share the list's memory: each list of a shop with items out of stock takes it to a worker. */
  private passingOf(all: Int32Array, itemIds: Int32Array): Passing {
    const shared = new Int32Array(new SharedArrayBuffer(itemIds.byteLength));
    shared.set(itemIds);
    // A million items are not kept twice.
    return { all: itemIds === all ? shared : all, list: { id: ++this.lastId, itemIds: shared } };
  }

  /** Removed items count too: so SQLite looks into the indexes of stock alone. */
  private isSomeUnavailable(among: readonly number[] | null = null): Promise<boolean> {
    return hasItem(this.client, { conditions: columnConditions({ isAvailable: false }), search: null }, among);
  }

  /** A search that failed is forgotten, so that the next call tries again. */
  private keep(key: string, entry: KnownFilter): void {
    this.known.set(key, entry, { size: 1 });
    const whenKept = (then: () => unknown) => this.known.peek(key) === entry && then();
    entry.passing.then(
      ({ all }) => whenKept(() => this.known.set(key, entry, { size: 1 + all.length })),
      () => whenKept(() => this.known.delete(key)),
    );
  }
}

function available(filter: ListFilter): ListFilter {
  return { ...filter, isAvailable: true };
}

function namesPrefix({ and = [], none = [], ...filter }: ListFilter): boolean {
  return [filter, ...and, ...none].some(({ semanticIdPrefix }) => Boolean(semanticIdPrefix));
}

const TOO_MANY = `filter: expected at most ${MAX_PENDING} new filters at a time, got more; try again later`;

/** Equal for filters that ask for the same, in whatever order their fields stand. */
function keyOf(filter: ListFilter, oncePerGroup: boolean): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return `${oncePerGroup} ${JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** The filter of most lists. */
const EVERYTHING = keyOf({}, true);

/**
 * @param among - Only these items are looked at; absent: all.
 * @returns Ids of the live items that pass, ascending.
 */
export async function matchingItemIds(
  client: PrismaClient,
  filter: ListFilter,
  among?: readonly number[],
): Promise<Int32Array> {
  const live = await liveItems(client, filter);
  if (among) return readItemIds(client, live, among);
  return joinArrays(Int32Array, await readInWindows(await lastItemId(client), (ids) => readItemIds(client, live, ids)));
}

/**
 * Checks some ids anew.
 *
 * @param touched - Ascending.
 * @param passing - Those of the touched ids that the list shall have; ascending.
 * @returns The list with the rest of it as it was; the list itself when nothing changes.
 */
export function rechecked(ids: Int32Array, touched: Int32Array, passing: Int32Array): Int32Array {
  const before = touched.filter((itemId) => isAmong(ids, itemId));
  if (before.length === passing.length && before.every((itemId, i) => itemId === passing[i])) return ids;
  const parts: Int32Array[] = [];
  let from = 0;
  for (const itemId of touched) {
    const place = placeOf(ids, itemId);
    parts.push(ids.subarray(from, place));
    if (isAmong(passing, itemId)) parts.push(Int32Array.of(itemId));
    from = ids[place] === itemId ? place + 1 : place;
  }
  return joinArrays(Int32Array, [...parts, ids.subarray(from)]);
}
