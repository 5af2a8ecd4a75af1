/** Lets a list have at most so many items of one brand, category or group. */
import type { QuotaField } from '../../graphql/placement/records';
import type { ItemShelves } from '../storage/request-reads';
import type { Quota } from './placement-rules';

export type ShelvesOf = (itemIds: readonly number[]) => Promise<ReadonlyMap<number, ItemShelves>>;

interface Listed {
  readonly itemId: number;
}

/** The quotas of one list, and what is in it so far. */
export class Quotas {
  private readonly most = new Map<QuotaField, number>();
  /** By field and name. */
  private readonly counts = new Map<string, number>();

  constructor(
    quotas: readonly Quota[],
    private readonly shelvesOf: ShelvesOf,
  ) {
    for (const { of, count } of quotas) this.most.set(of, Math.min(count, this.most.get(of) ?? Infinity));
  }

  get isEmpty(): boolean {
    return this.most.size === 0;
  }

  /** Counts items that the list has in any case. */
  async count(items: readonly Listed[]): Promise<void> {
    for (const names of await this.namesOf(items)) this.add(names);
  }

  /** @returns The first `most` of the items for which there is room. */
  async admit<T extends Listed>(items: readonly T[], most: number): Promise<T[]> {
    if (this.isEmpty) return items.slice(0, most);
    const names = await this.namesOf(items);
    const admitted: T[] = [];
    items.forEach((item, i) => {
      if (admitted.length === most || !this.hasRoom(names[i])) return;
      this.add(names[i]);
      admitted.push(item);
    });
    return admitted;
  }

  /** @returns For each item what it counts for. */
  private async namesOf(items: readonly Listed[]): Promise<string[][]> {
    if (this.isEmpty || items.length === 0) return items.map(() => []);
    const shelves = await this.shelvesOf(items.map(({ itemId }) => itemId));
    return items.map(({ itemId }) => {
      const of = shelves.get(itemId);
      return [...this.most.keys()].flatMap((field) => valuesOf(field, of).map((value) => `${field} ${value}`));
    });
  }

  private hasRoom(names: readonly string[]): boolean {
    return names.every((name) => (this.counts.get(name) ?? 0) < this.most.get(fieldOf(name))!);
  }

  private add(names: readonly string[]): void {
    for (const name of names) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}

function valuesOf(field: QuotaField, shelves: ItemShelves | undefined): readonly string[] {
  if (shelves === undefined) return [];
  if (field === 'CATEGORY') return [...new Set(shelves.categories)];
  const value = field === 'BRAND' ? shelves.brand : shelves.group;
  return value === null ? [] : [value];
}

function fieldOf(name: string): QuotaField {
  return name.slice(0, name.indexOf(' ')) as QuotaField;
}
