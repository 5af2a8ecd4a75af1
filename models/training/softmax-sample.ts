/**
 * Which items the item head's softmax is computed over in one step of a large catalogue: over all of them, a step among 200,000 items
 * takes gigabytes, and nearly all of its time.
 *
 * The targets of the batch are all there. The others are drawn evenly from the rest, and each stands for equally many of it. So the
 * sum of a softmax is estimated without bias, and what is bought often, which has the largest part in it, is seldom estimated. Source:
 * importance sampling as in Jean et al., "On Using Very Large Target Vocabulary" (2015), section 3, with the batch's targets kept
 * whole.
 */
import type { HostTensors } from '../compute/device';
import type { Random } from '../math/random';

/** Up to so many items, a step computes the whole softmax. */
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
