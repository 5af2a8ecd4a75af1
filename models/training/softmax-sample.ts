/**
 * Chooses the items over which one training step of a large catalogue computes the item head's softmax. Over all of 200,000 items, the
 * softmax takes gigabytes of memory and nearly all of the step's time.
 *
 * The sample has all targets of the batch. The other items of the sample are drawn evenly from the rest of the catalogue, and each of them
 * stands for an equal part of that rest. So the estimate of the softmax's sum has no bias. Popular items make up most of that sum; they are
 * often targets, so they are seldom estimated.
 *
 * Source: importance sampling as in Jean et al., "On Using Very Large Target Vocabulary" (2015), section 3, with the batch's targets
 * kept whole.
 */
import type { HostTensors } from '../compute/device';
import type { Random } from '../math/random';

/** In a catalogue of at most so many items, a step computes the whole softmax. */
const FULL_SOFTMAX_ITEMS = 1 << 15;
/** Items of a sample; several times as many as a batch has targets. */
export const SAMPLE_SIZE = 1 << 13;

/**
 * @param targetItems - Rows of the item vectors, of which the first, 0, is no item.
 * @param numItems - Items in all, N; their rows are 1 … N.
 * @returns `softmaxItems` int32 `[C]` and `softmaxWeights` float32 `[C]`, for `batchLoss`; nothing for a catalogue that is not large.
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
