/** How often each live item was interacted with: kept in memory, so that ranking asks the database nothing. */
import type { Transaction } from './database';

export interface PopularItem {
  readonly itemId: number;
  /** Of all interactions with live items, 0–1. */
  readonly share: number;
}

export class Popularity {
  private readonly counts = new Map<number, number>();
  private total = 0;
  /** Item ids, most interactions first, then the older item; null when something has changed since. */
  private ranking: number[] | null = null;

  /** Forgets all and reads the database's counts. */
  async load(client: Transaction): Promise<void> {
    const rows = await client.item.findMany({
      where: { removedAt: null },
      select: { id: true, interactionCount: true },
      orderBy: [{ interactionCount: 'desc' }, { id: 'asc' }],
    });
    this.counts.clear();
    for (const row of rows) this.counts.set(row.id, row.interactionCount);
    this.total = rows.reduce((sum, row) => sum + row.interactionCount, 0);
    this.ranking = rows.map((row) => row.id);
  }

  /** An item that has become live, with the interactions that it has already. */
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

  /** Interactions with items that are not live count nowhere. */
  record(itemIds: Iterable<number>): void {
    for (const itemId of itemIds) {
      const count = this.counts.get(itemId);
      if (count === undefined) continue;
      this.counts.set(itemId, count + 1);
      this.total++;
      this.ranking = null;
    }
  }

  /** The most popular items that are allowed (null: all are) and not denied. */
  top({ allow, deny, first }: PopularItemsArgs): PopularItem[] {
    const found: PopularItem[] = [];
    for (const itemId of this.ranked()) {
      if (found.length === first) break;
      if (deny.has(itemId) || (allow !== null && !allow.has(itemId))) continue;
      found.push({ itemId, share: this.total === 0 ? 0 : this.counts.get(itemId)! / this.total });
    }
    return found;
  }

  /** @returns Live items without interactions, ascending. */
  coldItems(): number[] {
    const ranked = this.ranked();
    let start = ranked.length;
    while (start > 0 && this.counts.get(ranked[start - 1]) === 0) start--;
    return ranked.slice(start);
  }

  private ranked(): number[] {
    this.ranking ??= [...this.counts.keys()].sort((a, b) => this.counts.get(b)! - this.counts.get(a)! || a - b);
    return this.ranking;
  }
}

export interface PopularItemsArgs {
  readonly allow: ReadonlySet<number> | null;
  readonly deny: ReadonlySet<number>;
  readonly first: number;
}
