/** Finds which of the items known in training are live. The two heads can be mixed only if both give probability to the same items. */
import type { Trie } from '../decoding/trie';

/** Makes the mask of a trie once. Tries share the branches that a change did not touch, so a change costs little. */
export class LiveRows {
  private readonly masks = new WeakMap<Trie, Uint8Array>();
  /** By the item ids of a branch. */
  private readonly rowsOfBranch = new WeakMap<Int32Array, Int32Array>();

  /**
   * @param rows - Item id → row of the item vectors, the first of which is 1.
   * @param numItems - Known in training, N.
   */
  constructor(
    private readonly rows: ReadonlyMap<number, number>,
    private readonly numItems: number,
  ) {}

  /** @returns 1 for each item in the trie, 0 for the others; uint8 `[N]`. */
  of(trie: Trie): Uint8Array {
    const made = this.masks.get(trie);
    if (made !== undefined) return made;
    const mask = new Uint8Array(this.numItems);
    for (const itemIds of trie.itemsByBranch()) for (const row of this.rowsOf(itemIds)) mask[row] = 1;
    this.masks.set(trie, mask);
    return mask;
  }

  private rowsOf(itemIds: Int32Array): Int32Array {
    const made = this.rowsOfBranch.get(itemIds);
    if (made !== undefined) return made;
    const found = Array.from(itemIds, (itemId) => (this.rows.get(itemId) ?? 0) - 1);
    const rows = Int32Array.from(found.filter((row) => row >= 0));
    this.rowsOfBranch.set(itemIds, rows);
    return rows;
  }
}

/** log Σ exp of the live items' logits; −∞ when none is live. */
export function liveNorm(logits: Float32Array, live: Uint8Array): number {
  let max = -Infinity;
  for (let row = 0; row < logits.length; row++) if (live[row] === 1 && logits[row] > max) max = logits[row];
  let sum = 0;
  for (let row = 0; row < logits.length; row++) if (live[row] === 1) sum += Math.exp(logits[row] - max);
  return max + Math.log(sum);
}
