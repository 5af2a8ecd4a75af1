/** Arithmetic of the sequence model, counted from its sizes. */
import type { Seq2SeqConfig } from '../models/config';

export interface StepSizes {
  readonly batch: number;
  /** Tokens of a source, S. */
  readonly source: number;
  /** Codes of an item. */
  readonly depth: number;
  /** Codes a level, K. */
  readonly width: number;
}

/**
 * Floating-point operations of all matrix products of one training step with one target a history: two a multiply-add, and
 * the backward pass has two products for each one of the forward pass. Norms, softmax, dropout and the optimiser are not counted.
 */
export function trainingStepFlops(config: Seq2SeqConfig, { batch, source, depth, width }: StepSizes): number {
  const { encoderLayers, decoderLayers, modelSize, numHeads, headSize, feedForwardSize } = config;
  const inner = numHeads * headSize;
  const projection = modelSize * inner;
  const feedForward = 2 * modelSize * feedForwardSize;
  const encoderLayer = source * (4 * projection + feedForward) + attention(source, source, inner);
  const ownAttention = depth * 4 * projection + attention(depth, depth, inner);
  const crossAttention = (2 * depth + 2 * source) * projection + attention(depth, source, inner);
  const decoderLayer = ownAttention + crossAttention + depth * feedForward;
  const head = depth * modelSize * width;
  const forward = batch * (encoderLayers * encoderLayer + decoderLayers * decoderLayer + head);
  return 2 * 3 * forward;
}

/** Multiply-adds of scores and of mixing the values, over all heads. */
function attention(queries: number, keys: number, inner: number): number {
  return 2 * queries * keys * inner;
}
