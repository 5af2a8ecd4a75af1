/**
 * The parts of a served model besides its trained weights: a direction for each item's text, and a table of neighbours. Their
 * values are random, because the work does not depend on them.
 */
import type { HostTensor } from '../models/compute/device';
import type { NeighbourTable } from '../models/decoding/evidence/neighbours';
import { PRIOR_DECAY, PRIOR_REPEATS } from '../models/evaluation/choose-weights';
import { createRandom } from '../models/math/random';
import type { MixtureWeights } from '../models/serving/tiger-parts';
import { normaliseRows } from '../models/text/sentence-encoder';
import { ITEM_TEXT_SIZE } from '../models/text/text-space';

const SHARES = { decoder: 0.05, itemHead: 0.4, neighbours: 0.4, repeats: 0, popularity: 0, uniform: 0.15 };
const MAKING = { shares: SHARES, textWeight: 2, neighbourDecay: PRIOR_DECAY, repeats: PRIOR_REPEATS };
/** Those of bench/peers, which has neither repeats nor popularity. */
export const PEER_WEIGHTS: MixtureWeights = { unseen: MAKING, seenKept: MAKING };

/** Each item has as many. A training keeps 200 at most; an item that few have bought has fewer. */
const NEIGHBOURS_PER_ITEM = 50;

/**
 * @param dims - Width of the text vectors: a text space has no more directions.
 * @returns Directions of length 1, and before them zeros for unknown items; float32 `[N + 1, F]`.
 */
export function randomItemTexts(numItems: number, dims = ITEM_TEXT_SIZE): HostTensor {
  const random = createRandom(8);
  const size = Math.min(dims, ITEM_TEXT_SIZE);
  const directions = Float32Array.from({ length: numItems * size }, () => random.normal());
  const data = new Float32Array((numItems + 1) * size);
  data.set(normaliseRows(directions, size), size);
  return { shape: [numItems + 1, size], data };
}

/** @returns For each item the rows of random others; the weights fall as 1, ½, ⅓ … */
export function randomNeighbours(numItems: number): NeighbourTable {
  const random = createRandom(9);
  const length = numItems * NEIGHBOURS_PER_ITEM;
  return {
    offsets: Int32Array.from({ length: numItems + 1 }, (_, row) => row * NEIGHBOURS_PER_ITEM),
    items: Int32Array.from({ length }, () => random.int(numItems)),
    weights: Float32Array.from({ length }, (_, entry) => 1 / (1 + (entry % NEIGHBOURS_PER_ITEM))),
  };
}
