/** Finds the cold items whose texts lie nearest to a history. It keeps the directions of their texts in memory. */
import { Mutex } from 'async-mutex';

import { MAX_HISTORY_TEXTS } from '../../models/config';
import { nearestItems, type NearItem } from '../../models/decoding/cold-items';
import { placeOf, chunksOf } from '../../models/math/arrays';
import { historyDirection } from '../../models/text/text-space';
import type { CommittedChange } from '../storage/change-log';
import { readVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { AllowList } from '../workers/messages';
import { greatestCommon } from './ascending-ids';
import type { ListQueue } from './queue';

/** Vectors per call to the worker. Between two calls the worker makes lists. */
const VECTORS_PER_CALL = 64;

export class ColdItems {
  private readonly directions = new Map<number, Float32Array>();
  /** The model that made the directions: those of another model cannot be compared with them. */
  private modelVersionId: number | null = null;
  private readonly filling = new Mutex();
  /** Items that changed while directions are being read. */
  private readonly changed = new Set<number>();

  constructor(
    private readonly client: Transaction,
    private readonly lists: Pick<ListQueue, 'textDirections' | 'modelVersionId'>,
  ) {}

  /**
   * @param history - Item ids, oldest first.
   * @param itemIds - Cold items to choose from: `MAX_COLD_ITEMS` at most.
   * @param k - How many are returned, if there are so many.
   * @returns Nearest first; null when the live model knows no texts or no item of the history has a vector.
   */
  async nearest(history: readonly number[], itemIds: Int32Array, k: number): Promise<NearItem[] | null> {
    // One after another: requests that come together lack the same items.
    await this.filling.runExclusive(() => this.fill(itemIds));
    const read = await this.lists.textDirections(await this.vectorsOf(history.slice(-MAX_HISTORY_TEXTS)));
    if (read === null || read.modelVersionId !== this.modelVersionId || read.directions.size === 0) return null;
    const inOrder = history.flatMap((itemId) => read.directions.get(itemId) ?? []);
    const query = new Float32Array(inOrder[0].length);
    historyDirection(inOrder, query);
    return nearestItems(query, itemIds, this.directions, k);
  }

  /** Forgets the directions of the items that a change touched: their texts may be others now. */
  follow({ itemIds }: Pick<CommittedChange, 'itemIds'>): void {
    for (const itemId of itemIds) {
      this.changed.add(itemId);
      this.directions.delete(itemId);
    }
  }

  private async fill(itemIds: Int32Array): Promise<void> {
    if (this.modelVersionId !== this.lists.modelVersionId) this.directions.clear();
    this.modelVersionId = this.lists.modelVersionId;
    if (this.directions.size > 2 * MAX_COLD_ITEMS) this.directions.clear(); // most of them are no longer cold
    const missing = itemIds.filter((itemId) => !this.directions.has(itemId));
    for (const some of chunksOf(Array.from(missing), VECTORS_PER_CALL)) {
      this.changed.clear();
      const vectors = await this.vectorsOf(some);
      if (vectors.length === 0) continue;
      const read = await this.lists.textDirections(vectors);
      if (read === null || read.modelVersionId !== this.modelVersionId) return;
      for (const [itemId, direction] of read.directions)
        if (!this.changed.has(itemId)) this.directions.set(itemId, direction);
    }
  }

  /** @returns Those of the items that have one. */
  private async vectorsOf(itemIds: readonly number[]) {
    const stored = [...(await readVectors(this.client, itemIds)).values()];
    return stored.map(({ itemId, vector }) => ({ itemId, vector }));
  }
}

/**
 * A thousand candidates more would cost every list with such places a millisecond of the main thread, and the first one after an
 * activation .2 seconds.
 */
const MAX_COLD_ITEMS = 2_000;

export interface ColdChoice {
  /** Null: each item may be in the list. */
  readonly allow: AllowList['itemIds'] | null;
  readonly qualifies: (itemId: number) => boolean;
  /** Counts up; each turn takes others of the older items, so that none is left out for ever. */
  readonly turn: number;
  /** An even number; absent: `MAX_COLD_ITEMS`. */
  readonly most?: number;
}

/**
 * @param cold - Ascending, so that the newest is the last.
 * @returns All that may be in the list, if they are fewer than `most`; else the newest ones and, of the others, as many whose turn it
 *   is. Ascending.
 */
export function coldCandidates(
  cold: Int32Array,
  { allow, qualifies, turn, most = MAX_COLD_ITEMS }: ColdChoice,
): Int32Array {
  const greatest = (ids: Int32Array, take: number) => greatestCommon(ids, allow, take, qualifies);
  const newest = greatest(cold, most);
  if (newest.length < most) return newest;
  const half = newest.subarray(most / 2);
  const older = cold.subarray(0, placeOf(cold, half[0]));
  const end = older.length - ((turn * half.length) % older.length);
  const first = greatest(older.subarray(0, end), half.length);
  const rest = greatest(older.subarray(end), half.length - first.length);
  return Int32Array.from([...first, ...rest, ...half]);
}
