/** Inputs of a training step that say over which codes, and over which items, its softmaxes are. */
import type { HostTensors } from '../compute/device';
import { Trie } from '../decoding/trie';
import type { Random } from '../math/random';
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

/** In a catalogue of at most so many items, a step computes the whole softmax. */
const FULL_SOFTMAX_ITEMS = 1 << 15;
/** Items of a sample; several times as many as a batch has targets. */
export const SAMPLE_SIZE = 1 << 13;

/**
 * Chooses the items over which one step of a large catalogue computes the item head's softmax. Over all of 200,000 items it takes
 * gigabytes of memory and nearly all of the step's time.
 *
 * The sample has all targets of the batch. Its other items are drawn evenly from the rest of the catalogue, and each stands for an equal
 * part of that rest, so the estimate of the softmax's sum has no bias. Popular items make up most of that sum; they are often targets, so
 * they are seldom estimated.
 *
 * @param targetItems - Rows of the item vectors, of which the first, 0, is no item.
 * @param numItems - Items in all, N; their rows are 1 … N.
 * @returns `softmaxItems` int32 `[C]` and `softmaxWeights` float32 `[C]`, for `batchLoss`; nothing for a catalogue that is not large.
 *
 * Source: importance sampling as in Jean et al., "On Using Very Large Target Vocabulary" (2015), section 3, with the batch's targets
 * kept whole.
 */
export function softmaxSample(targetItems: ArrayLike<number>, numItems: number, random: Random): HostTensors {
  if (numItems <= FULL_SOFTMAX_ITEMS) return {};
  const items = new Set(Array.from(targetItems));
  items.delete(0);
  const numTargets = items.size;
  while (items.size < SAMPLE_SIZE) items.add(1 + random.int(numItems));
  const weights = new Float32Array(SAMPLE_SIZE);
  weights.fill(Math.log((numItems - numTargets) / (SAMPLE_SIZE - numTargets)), numTargets);
  return {
    softmaxItems: { shape: [SAMPLE_SIZE], data: Int32Array.from(items) },
    softmaxWeights: { shape: [SAMPLE_SIZE], data: weights },
  };
}
