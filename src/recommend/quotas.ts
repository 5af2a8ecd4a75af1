/** Lets a list have at most so many items of one brand, category or group. */
import type { QuotaField } from '../../graphql/placement/types';
import type { ItemShelves } from '../storage/request-reads';
import type { Quota } from './placement-rules';

type Shelves = ReadonlyMap<number, ItemShelves>;

interface Listed {
  readonly itemId: number;
}

/** A quota, and how many items of each value the list has so far. */
interface Counted {
  readonly field: QuotaField;
  readonly most: number;
  readonly counts: Map<string, number>;
}

/** The quotas of one list, and what is in it so far. */
export class Quotas {
  private readonly quotas: readonly Counted[];

  constructor(
    quotas: readonly Quota[],
    private readonly shelvesOf: (itemIds: readonly number[]) => Promise<Shelves>,
  ) {
    this.quotas = quotas.map(({ of: field, count }) => ({ field, most: count, counts: new Map() }));
  }

  /** Counts items that the list has in any case. */
  async count(items: readonly Listed[]): Promise<void> {
    const shelves = await this.shelvesIn(items);
    for (const { itemId } of items) this.add(shelves.get(itemId));
  }

  /** @returns The first `most` of the items for which there is room. */
  async admit<T extends Listed>(items: readonly T[], most: number): Promise<T[]> {
    if (this.quotas.length === 0) return items.slice(0, most);
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

  private async shelvesIn(items: readonly Listed[]): Promise<Shelves> {
    if (this.quotas.length === 0 || items.length === 0) return new Map();
    return this.shelvesOf(items.map(({ itemId }) => itemId));
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
