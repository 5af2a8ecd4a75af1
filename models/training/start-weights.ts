/**
 * The weights that a model with item vectors starts from, so that both heads begin as an item-kNN. The item vectors are spectral
 * vectors. The output weights of a code are the mean of its items' vectors, after the weights of the levels before have been
 * subtracted. The scores of an item's codes then add up to nearly its score under the item head.
 */
import type { Device } from '../compute/device';
import type { InteractionLog, Split } from '../data/interactions';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Encoder, Seq2Seq } from '../seq2seq/source';
import { spectralVectors } from './spectral-vectors';

export interface StartData {
  readonly log: InteractionLog;
  readonly split: Split;
  /** Of each item row. */
  readonly semanticIds: readonly SemanticId[];
  readonly seed: number;
}

/** Writes the start weights into a model; does nothing to a model without item vectors. */
export function startWeights(model: Seq2Seq, device: Device, data: StartData): void {
  const vectors = startItemVectors(model, device, data);
  if (vectors === null) return;
  const [, size, codebookSize] = model.params.head.shape as [number, number, number];
  device.write(model.params.head, meansByCode(vectors, data.semanticIds, size, codebookSize));
}

/** Writes the item vectors alone. @returns Those of the items, float32 `[N, D]`; null for a model without. */
export function startItemVectors(
  { params: { itemVectors } }: Encoder,
  device: Device,
  { log, split, seed }: Omit<StartData, 'semanticIds'>,
): Float32Array | null {
  if (itemVectors === null) return null;
  const [rows, size] = itemVectors.shape as [number, number];
  const vectors = spectralVectors(log, split, rows - 1, size, seed);
  const withUnknown = new Float32Array(rows * size);
  withUnknown.set(vectors, size);
  device.write(itemVectors, withUnknown);
  return vectors;
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
