/** Has a model make a list with places for cold items: those whose texts lie nearest to the history. */
import { Mutex } from 'async-mutex';

import type { RecommendationRecord } from '../../graphql/recommendation/records';
import { MAX_HISTORY_TEXTS } from '../../models/config';
import { nearestItems, type NearItem } from '../../models/decoding/cold-items';
import { chunksOf, isAmong } from '../../models/math/arrays';
import { historyDirection } from '../../models/text/text-space';
import type { CommittedChange } from '../storage/change-log';
import { readVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { RecommendOne, VersionedList } from '../workers/messages';
import type { DecodePool } from './decode-pool';
import type { ListQueue } from './queue';

/** Vectors per call to the worker. Between two calls the worker makes lists. */
const VECTORS_PER_CALL = 64;
/**
 * The newest are chosen from. A thousand more would cost every list with such places a millisecond of the main thread, and the first one
 * after an activation .2 seconds.
 */
const MAX_COLD_ITEMS = 2_000;

/** A model version that makes lists. */
export interface ListModel {
  readonly pool: Pick<DecodePool, 'modelVersionId' | 'knownItems'>;
  readonly lists: Pick<ListQueue, 'recommend'>;
  readonly coldItems: Pick<ColdItems, 'nearest'>;
}

/** A list, and the cold items for its reserved places, both by the same versions. */
export interface ModelLists {
  readonly main: VersionedList | null;
  readonly cold: readonly RecommendationRecord[];
}

export const NO_LISTS: ModelLists = { main: null, cold: [] };

/** @param cold - The places for cold items, and those that may stand there. */
export async function makeLists(
  { lists, coldItems }: ListModel,
  request: RecommendOne,
  { places, itemIds }: { readonly places: number; readonly itemIds: Int32Array },
  signal?: AbortSignal,
): Promise<ModelLists> {
  if (itemIds.length === 0) return { main: (await lists.recommend([request], signal))[0], cold: [] };
  const near = (await coldItems.nearest(request.history, itemIds, places))?.map(({ itemId }) => itemId);
  const allow = { id: null, itemIds: near === undefined ? itemIds : Int32Array.from(near) };
  const [main, { recommendations }] = await lists.recommend(
    [request, { ...request, first: places, allow, spare: 0, pinned: [] }],
    signal,
  );
  const cold = recommendations.map((one) => ({ ...one, source: 'COLD_START' as const }));
  if (near !== undefined) cold.sort((a, b) => near.indexOf(a.itemId) - near.indexOf(b.itemId));
  return { main, cold };
}

/**
 * @param cold - All cold items, ascending.
 * @returns The newest that the request allows, ascending.
 */
export function eligibleColdItems(cold: ArrayLike<number>, { allow, deny }: RecommendOne): Int32Array {
  const denied = new Set(deny);
  const found: number[] = [];
  for (let at = cold.length - 1; at >= 0 && found.length < MAX_COLD_ITEMS; at--) {
    const itemId = cold[at];
    if (!denied.has(itemId) && (allow === null || isAmong(allow.itemIds, itemId))) found.push(itemId);
  }
  return Int32Array.from(found.reverse());
}

/** Finds the cold items whose texts lie nearest to a history. It keeps the directions of their texts in memory. */
export class ColdItems {
  private readonly directions = new Map<number, Float32Array>();
  /** The model that made the directions: those of another model cannot be compared with them. */
  private modelVersionId: number | null = null;
  private readonly filling = new Mutex();
  /** Items that changed while directions are being read. */
  private readonly changed = new Set<number>();

  constructor(
    private readonly client: Transaction,
    private readonly pool: Pick<DecodePool, 'textDirections' | 'modelVersionId'>,
  ) {}

  /**
   * @param history - Item ids, oldest first.
   * @param itemIds - Cold items to choose from: see `eligibleColdItems`.
   * @param k - How many are returned, if there are so many.
   * @returns Nearest first; null when the live model knows no texts or no item of the history has a vector.
   */
  async nearest(history: readonly number[], itemIds: Int32Array, k: number): Promise<NearItem[] | null> {
    // One after another: requests that come together lack the same items.
    await this.filling.runExclusive(() => this.fill(itemIds));
    const read = await this.pool.textDirections(await this.vectorsOf(history.slice(-MAX_HISTORY_TEXTS)));
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
    if (this.modelVersionId !== this.pool.modelVersionId) this.directions.clear();
    this.modelVersionId = this.pool.modelVersionId;
    if (this.directions.size > 2 * MAX_COLD_ITEMS) this.directions.clear(); // most of them are no longer cold
    const missing = itemIds.filter((itemId) => !this.directions.has(itemId));
    for (const some of chunksOf(Array.from(missing), VECTORS_PER_CALL)) {
      this.changed.clear();
      const vectors = await this.vectorsOf(some);
      if (vectors.length === 0) continue;
      const read = await this.pool.textDirections(vectors);
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
