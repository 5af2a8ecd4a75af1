/** Counts the arithmetic of the sequence model from its sizes. */
import type { Seq2SeqConfig } from '../models/config';

export interface StepSizes {
  readonly batch: number;
  /** Tokens of a source, S. */
  readonly source: number;
  /** Levels of an item's ID, L. */
  readonly levels: number;
  /** Codes per level, K. */
  readonly codesPerLevel: number;
}

/**
 * Counts the floating-point operations of all matrix products of one training step with one target per history.
 *
 * A multiply-add counts as two. The backward pass has two products for each product of the forward pass. Norms, softmax, dropout
 * and the optimiser are not counted.
 */
export function trainingStepFlops(config: Seq2SeqConfig, { batch, source, levels, codesPerLevel }: StepSizes): number {
  const { encoderLayers, decoderLayers, modelSize, numHeads, headSize, feedForwardSize } = config;
  const inner = numHeads * headSize;
  const projection = modelSize * inner;
  const feedForward = 2 * modelSize * feedForwardSize;
  const encoderLayer = source * (4 * projection + feedForward) + attention(source, source, inner);
  const ownAttention = levels * 4 * projection + attention(levels, levels, inner);
  const crossAttention = (2 * levels + 2 * source) * projection + attention(levels, source, inner);
  const decoderLayer = ownAttention + crossAttention + levels * feedForward;
  const head = levels * modelSize * codesPerLevel;
  const forward = batch * (encoderLayers * encoderLayer + decoderLayers * decoderLayer + head);
  return 2 * 3 * forward;
}

/** @returns The multiply-adds of the scores and of the weighted values, over all heads. */
function attention(queries: number, keys: number, inner: number): number {
  return 2 * queries * keys * inner;
}
