/** Finds the cold items whose texts lie nearest to a history. It keeps the directions of their texts in memory. */
import { Mutex } from 'async-mutex';

import { MAX_HISTORY_TEXTS } from '../../models/config';
import { nearestItems, type NearItem } from '../../models/decoding/cold-items';
import { chunksOf } from '../../models/math/arrays';
import { historyDirection } from '../../models/text/text-space';
import type { CommittedChange } from '../storage/change-log';
import { readVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { ListQueue } from './queue';

/** Vectors per call to the worker. Between two calls the worker makes lists. */
const VECTORS_PER_CALL = 64;
/**
 * The newest are chosen from. A thousand more would cost every list with such places a millisecond of the main thread, and the first one
 * after an activation .2 seconds.
 */
export const MAX_COLD_ITEMS = 2_000;

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
