/** The input of a training step that says over which codes its softmaxes are. */
import type { HostTensors } from '../compute/device';
import { Trie } from '../decoding/trie';
import { Rows } from '../math/rows';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { FORBIDDEN } from '../seq2seq/attention';

/**
 * The codes that each code of a target is chosen among: those that some item has after the codes before it. The beam search chooses among
 * the same, so a model need not learn which codes never follow: see docs/choices.md.
 */
export class AllowedCodes {
  private readonly trie: Trie;
  private readonly codes: Int32Array;

  /** @param semanticIds - IDs of all items of the catalogue. */
  constructor(semanticIds: readonly SemanticId[], codebookSize: number) {
    this.trie = Trie.ofItems(semanticIds, codebookSize);
    this.codes = new Int32Array(codebookSize);
  }

  /**
   * @param targets - int32 `[B, T, idLength]`.
   * @param weights - float32 `[B, T]`; 0: padding, which is left out.
   * @returns `allowedCodes` float32 `[B, T, idLength, K]`, for `batchLoss`: 0 where a code may follow, else −1e9.
   */
  of({ targets, weights }: HostTensors): HostTensors {
    const { idLength, codebookSize } = this.trie;
    const ids = new Rows(targets.data, idLength);
    const data = new Float32Array(targets.data.length * codebookSize).fill(FORBIDDEN);
    const rows = new Rows(data, codebookSize);
    for (let slot = 0; slot < ids.count; slot++)
      if (weights.data[slot] > 0) this.allow(ids.row(slot), rows, slot * idLength);
    return { allowedCodes: { shape: [...targets.shape, codebookSize], data } };
  }

  /** @param firstRow - Row of the target's first code. */
  private allow(target: Float32Array | Int32Array, rows: Rows<Float32Array>, firstRow: number): void {
    let node = this.trie.root();
    for (let level = 0; level < target.length; level++) {
      const row = rows.row(firstRow + level);
      const numAllowed = this.trie.childCodes(node, this.codes);
      for (let i = 0; i < numAllowed; i++) row[this.codes[i]] = 0;
      node = this.trie.child(node, target[level])!;
    }
  }
}
