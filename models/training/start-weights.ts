/**
 * The weights that a model with item vectors starts from, so that both heads begin as an item-kNN. The item vectors are spectral
 * vectors. The output weights of a code are the mean of its items' vectors, after the weights of the levels before have been
 * subtracted. The scores of an item's codes then add up to nearly its score under the item head.
 */
import type { Device } from '../compute/device';
import type { InteractionLog, Split } from '../data/interactions';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Seq2Seq } from '../seq2seq/source';
import { spectralVectors } from './spectral-vectors';

export interface StartData {
  readonly log: InteractionLog;
  readonly split: Split;
  /** Of each item row. */
  readonly semanticIds: readonly SemanticId[];
  readonly seed: number;
}

/** Writes the start weights into a model; does nothing to a model without item vectors. */
export function startWeights({ params }: Seq2Seq, device: Device, { log, split, semanticIds, seed }: StartData): void {
  if (params.itemVectors === null) return;
  const [rows, size] = params.itemVectors.shape as [number, number];
  const vectors = spectralVectors(log, split, rows - 1, size, seed);
  const withUnknown = new Float32Array(rows * size);
  withUnknown.set(vectors, size);
  device.write(params.itemVectors, withUnknown);
  const [, , codebookSize] = params.head.shape as [number, number, number];
  device.write(params.head, meansByCode(vectors, semanticIds, size, codebookSize));
}

/** @returns float32 `[idLength, D, K]`; zeros for codes that no item has. */
function meansByCode(
  vectors: Float32Array,
  semanticIds: readonly SemanticId[],
  size: number,
  codebookSize: number,
): Float32Array {
  const idLength = semanticIds[0]?.length ?? 0;
  const residuals = vectors.slice();
  const means = new Float32Array(idLength * size * codebookSize);
  for (let level = 0; level < idLength; level++) {
    const counts = new Int32Array(codebookSize);
    for (const id of semanticIds) counts[id[level]]++;
    const at = (code: number, d: number) => (level * size + d) * codebookSize + code;
    semanticIds.forEach((id, row) => {
      for (let d = 0; d < size; d++) means[at(id[level], d)] += residuals[row * size + d] / counts[id[level]];
    });
    semanticIds.forEach((id, row) => {
      for (let d = 0; d < size; d++) residuals[row * size + d] -= means[at(id[level], d)];
    });
  }
  return means;
}
