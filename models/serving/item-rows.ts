/** Item id → row of the item vectors, the first of which is 1. In flat arrays: a map of a million items takes ten times the memory. */
import { placeOf } from '../math/arrays';

export class ItemRows {
  private readonly ascending: Int32Array;
  /** Of the ids in ascending order. */
  private readonly rows: Int32Array;

  /** @param itemIds - By row; negative ones are nobody's. */
  constructor(itemIds: Int32Array) {
    const learned = Int32Array.from(itemIds.keys()).filter((row) => itemIds[row] >= 0);
    const isAscending = learned.every((row, i) => i === 0 || itemIds[learned[i - 1]] < itemIds[row]);
    const byId = isAscending ? learned : learned.sort((a, b) => itemIds[a] - itemIds[b]); // as after a training
    this.ascending = byId.map((row) => itemIds[row]);
    this.rows = byId.map((row) => row + 1);
  }

  get(itemId: number): number | undefined {
    const place = placeOf(this.ascending, itemId);
    return this.ascending[place] === itemId ? this.rows[place] : undefined;
  }
}
