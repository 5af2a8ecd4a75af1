/** The items that a model has learned. Nothing was learned of an item without interactions in what the model was trained on. */
import { isAmong } from '../math/arrays';
import type { Checkpoint } from './checkpoint';

/** @returns Ids of the items by row; a negative number for each item of which nothing was learned; int32 `[N]`. */
export function itemIdsByRow({ tensors }: Pick<Checkpoint, 'tensors'>): Int32Array {
  const items = tensors['semantic-ids']?.items?.data;
  return items instanceof Int32Array ? items : new Int32Array(0);
}

/** Ids in one flat array: a set of a million would take ten times the memory. */
export class KnownItems {
  /** @param ascending - Item ids; int32. */
  private constructor(private readonly ascending: Int32Array) {}

  static of(checkpoint: Pick<Checkpoint, 'tensors'>): KnownItems {
    return KnownItems.from(itemIdsByRow(checkpoint));
  }

  /** @param itemIds - Negative ones are left out. */
  static from(itemIds: Int32Array): KnownItems {
    return new KnownItems(itemIds.filter((itemId) => itemId >= 0).sort());
  }

  has(itemId: number): boolean {
    return isAmong(this.ascending, itemId);
  }
}
