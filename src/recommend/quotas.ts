/** Lets a list have at most so many items of one brand, category or group. */
import { LRUCache } from 'lru-cache';

import type { QuotaField } from '../../graphql/placement/types';
import type { ItemShelves } from '../storage/request-reads';
import type { Quota } from './placement-rules';

export type ShelvesOf = (itemIds: readonly number[]) => Promise<ReadonlyMap<number, ItemShelves | undefined>>;

/** Shelves are kept for a minute: to read them takes longer than all else that quotas do. */
export function keptShelves(read: ShelvesOf): ShelvesOf {
  const kept = new LRUCache<number, ItemShelves>({ max: 20_000, ttl: 60_000, ttlResolution: 1_000 });
  return async (itemIds) => {
    const shelves = new Map(itemIds.map((itemId) => [itemId, kept.get(itemId)]));
    const others = itemIds.filter((itemId) => shelves.get(itemId) === undefined);
    for (const [itemId, ofItem] of others.length === 0 ? [] : await read(others)) {
      kept.set(itemId, ofItem);
      shelves.set(itemId, ofItem);
    }
    return shelves;
  };
}

const NONE: ReadonlyMap<number, ItemShelves | undefined> = new Map();

interface Listed {
  readonly itemId: number;
}

/** A quota, and how many items of each value the list has so far. */
interface Counted {
  readonly field: QuotaField;
  most: number;
  readonly counts: Map<string, number>;
}

/** The quotas of one list, and what is in it so far. */
export class Quotas {
  private readonly quotas: Counted[] = [];

  constructor(
    quotas: readonly Quota[],
    private readonly shelvesOf: ShelvesOf,
  ) {
    for (const { of: field, count } of quotas) {
      const same = this.quotas.find((each) => each.field === field);
      if (same) same.most = Math.min(same.most, count);
      else this.quotas.push({ field, most: count, counts: new Map() });
    }
  }

  get isEmpty(): boolean {
    return this.quotas.length === 0;
  }

  /** Counts items that the list has in any case. */
  async count(items: readonly Listed[]): Promise<void> {
    const shelves = await this.shelvesIn(items);
    for (const { itemId } of items) this.add(shelves.get(itemId));
  }

  /** @returns The first `most` of the items for which there is room. */
  async admit<T extends Listed>(items: readonly T[], most: number): Promise<T[]> {
    if (this.isEmpty) return items.slice(0, most);
    const shelves = await this.shelvesIn(items);
    const admitted: T[] = [];
    for (const item of items) {
      if (admitted.length === most) break;
      const ofItem = shelves.get(item.itemId);
      if (!this.hasRoom(ofItem)) continue;
      this.add(ofItem);
      admitted.push(item);
    }
    return admitted;
  }

  private async shelvesIn(items: readonly Listed[]): ReturnType<ShelvesOf> {
    return this.isEmpty || items.length === 0 ? NONE : this.shelvesOf(items.map(({ itemId }) => itemId));
  }

  private hasRoom(shelves: ItemShelves | undefined): boolean {
    return this.quotas.every(({ field, most, counts }) =>
      valuesOf(field, shelves).every((value) => (counts.get(value) ?? 0) < most),
    );
  }

  private add(shelves: ItemShelves | undefined): void {
    for (const { field, counts } of this.quotas)
      for (const value of valuesOf(field, shelves)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
}

function valuesOf(field: QuotaField, shelves: ItemShelves | undefined): readonly string[] {
  if (shelves === undefined) return [];
  if (field === 'CATEGORY') return shelves.categories;
  const value = field === 'BRAND' ? shelves.brand : shelves.group;
  return value === null ? [] : [value];
}
