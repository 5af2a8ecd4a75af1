/** Which items that nobody has bought yet lie nearest to a history, by their texts. The directions of theirs are kept in memory. */
import { Mutex } from 'async-mutex';

import { NEAREST, nearestItems, type NearItem } from '../../models/decoding/cold-items';
import { historyDirection } from '../../models/text/text-space';
import type { CommittedChange } from '../storage/change-log';
import type { Transaction } from '../storage/database';
import { readVectors } from '../storage/item-vectors';
import type { LiveModel } from './live-model';

/** Only so many are looked at, those added last: the rest have been there to be bought for longest. */
const MOST_ITEMS = 2_000;
/** Vectors that the worker is given at once: between two such pieces it makes lists. */
const PIECE = 64;
/** An item so far back in a history weighs less than a thousandth of the newest. */
const HISTORY_READ = 20;

export class NewItems {
  private readonly directions = new Map<number, Float32Array>();
  /** Whose directions they are: those of another model mean something else. */
  private modelVersionId: number | null = null;
  private readonly filling = new Mutex();
  /** What has changed while directions are being made. */
  private readonly changed = new Set<number>();

  constructor(
    private readonly client: Transaction,
    private readonly live: Pick<LiveModel, 'textDirections' | 'modelVersionId'>,
  ) {}

  /**
   * @param history - Item ids, oldest first.
   * @param itemIds - Who may come in question, ascending.
   * @param least - So many are wanted, if there are so many.
   * @returns Nearest first; null when the live model or the history has no texts to tell from.
   */
  async nearest(history: readonly number[], itemIds: Int32Array, least: number): Promise<NearItem[] | null> {
    const asked = itemIds.slice(-MOST_ITEMS);
    // One after another: requests that come together lack the same items.
    await this.filling.runExclusive(() => this.fill(asked));
    const read = await this.read(history.slice(-HISTORY_READ));
    if (read === null || read.modelVersionId !== this.modelVersionId || read.directions.size === 0) return null;
    const inOrder = history.flatMap((itemId) => read.directions.get(itemId) ?? []);
    const query = new Float32Array(inOrder[0].length);
    historyDirection(inOrder, query);
    return nearestItems(query, asked, this.directions, Math.max(NEAREST, least));
  }

  /** Forgets what the change may have given another text. */
  follow({ itemIds }: Pick<CommittedChange, 'itemIds'>): void {
    for (const itemId of itemIds) {
      this.changed.add(itemId);
      this.directions.delete(itemId);
    }
  }

  private async fill(itemIds: Int32Array): Promise<void> {
    if (this.modelVersionId !== this.live.modelVersionId) this.directions.clear();
    this.modelVersionId = this.live.modelVersionId;
    if (this.directions.size > 2 * MOST_ITEMS) this.directions.clear(); // most are bought by now
    const missing = itemIds.filter((itemId) => !this.directions.has(itemId));
    for (let at = 0; at < missing.length; at += PIECE) {
      this.changed.clear();
      const read = await this.read(Array.from(missing.subarray(at, at + PIECE)));
      if (read === null || read.modelVersionId !== this.modelVersionId) return;
      for (const [itemId, direction] of read.directions)
        if (!this.changed.has(itemId)) this.directions.set(itemId, direction);
    }
  }

  /** @returns Directions of the items that have a vector of the width that the model reads; null when it reads none. */
  private async read(itemIds: readonly number[]) {
    const stored = [...(await readVectors(this.client, itemIds)).values()];
    const vectors = stored.map(({ itemId, vector }) => ({ itemId, vector }));
    return vectors.length === 0 ? null : this.live.textDirections(vectors);
  }
}
