/** Finds the rows of items in the vectors of a model, and which of these items are live. */
import type { Trie } from '../decoding/trie';
import { placeOf } from '../math/arrays';

/** Item id → row of the item vectors, the first of which is 1. In flat arrays: a map of a million items takes ten times the memory. */
export class ItemRows {
  private readonly ascending: Int32Array;
  /** Rows of the ids in ascending order. */
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

/**
 * Finds which of the items known in training are live: the two heads can be mixed only if both give probability to the same items. Makes
 * the mask of a trie once. Tries share the branches that a change did not touch, so a change costs little.
 */
export class LiveRows {
  private readonly masks = new WeakMap<Trie, Float32Array>();
  /** Keyed by the item ids of a branch. */
  private readonly rowsOfBranch = new WeakMap<Int32Array, Int32Array>();

  /**
   * @param rows - Item id → row of the item vectors, the first of which is 1.
   * @param numItems - Known in training, N.
   */
  constructor(
    private readonly rows: Pick<ItemRows, 'get'>,
    private readonly numItems: number,
  ) {}

  /** @returns 1 for each item in the trie, 0 for the others; float32 `[N]`. */
  of(trie: Trie): Float32Array {
    const made = this.masks.get(trie);
    if (made !== undefined) return made;
    const mask = new Float32Array(this.numItems);
    for (const { itemIds } of trie.filledBranches()) for (const row of this.rowsOf(itemIds)) mask[row] = 1;
    this.masks.set(trie, mask);
    return mask;
  }

  /**
   * @param itemIds - Of a branch.
   * @returns Which rows of `of` these items are; those that are not known in training are left out.
   */
  private rowsOf(itemIds: Int32Array): Int32Array {
    const made = this.rowsOfBranch.get(itemIds);
    if (made !== undefined) return made;
    const found = Array.from(itemIds, (itemId) => (this.rows.get(itemId) ?? 0) - 1);
    const rows = Int32Array.from(found.filter((row) => row >= 0));
    this.rowsOfBranch.set(itemIds, rows);
    return rows;
  }
}
