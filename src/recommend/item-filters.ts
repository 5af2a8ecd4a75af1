/** Which items pass the filters in use: found once a filter, and kept in step with the catalogue. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import type { CommittedChange } from '../storage/change-log';
import type { AllowList } from '../workers/messages';
import type { RecommendationReads } from './recommendation-reads';

/** Filters that are kept; 100,000 items that pass are 400 kB. */
const MAX_FILTERS = 32;
/** A change of more items is as good as a new catalogue. */
const MANY_ITEMS = 1_000;

interface KnownFilter {
  readonly filter: ItemFilterArgs;
  readonly list: Promise<AllowList>;
}

type Reads = Pick<RecommendationReads, 'matchingItemIds'>;

export class ItemFilters {
  /** By content; the one used last is last. */
  private known = new Map<string, KnownFilter>();
  private lastId = 0;

  constructor(private readonly reads: Reads) {}

  /** @returns The live items that pass, ascending; equal filters give one list with one id until a change touches it. */
  passing(filter: ItemFilterArgs): Promise<AllowList> {
    const key = keyOf(filter);
    const entry = this.known.get(key) ?? { filter, list: this.find(filter, key) };
    this.known.delete(key);
    this.known.set(key, entry);
    for (const oldest of this.known.keys()) if (this.known.size > MAX_FILTERS) this.known.delete(oldest);
    return entry.list;
  }

  /** Looks at the touched items anew, in every filter that is kept. */
  async follow({ kind, itemIds }: Pick<CommittedChange, 'kind' | 'itemIds'>): Promise<void> {
    if (kind === 'MODEL_ACTIVATED' || itemIds.length > MANY_ITEMS) {
      this.known.clear();
      return;
    }
    for (const [key, { filter, list }] of [...this.known]) {
      const renewed = this.renewed(filter, list, itemIds);
      this.keep(key, { filter, list: renewed });
      await renewed.catch(() => undefined);
    }
  }

  private async find(filter: ItemFilterArgs, key: string): Promise<AllowList> {
    try {
      return { id: ++this.lastId, itemIds: await this.reads.matchingItemIds(filter) };
    } catch (error) {
      this.known.delete(key); // the next one tries again
      throw error;
    }
  }

  private async renewed(
    filter: ItemFilterArgs,
    list: Promise<AllowList>,
    touched: readonly number[],
  ): Promise<AllowList> {
    const present = await list;
    const passing = new Set(await this.reads.matchingItemIds(filter, touched));
    const isTouched = new Set(touched);
    const had = present.itemIds.filter((itemId) => isTouched.has(itemId));
    if (had.length === passing.size && had.every((itemId) => passing.has(itemId))) return present;
    const others = present.itemIds.filter((itemId) => !isTouched.has(itemId));
    return { id: ++this.lastId, itemIds: Int32Array.from([...others, ...passing]).sort() };
  }

  private keep(key: string, entry: KnownFilter): void {
    this.known.set(key, entry);
    entry.list.catch(() => this.known.delete(key));
  }
}

/** Equal for filters that ask for the same in another order of fields. */
function keyOf(filter: ItemFilterArgs): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
