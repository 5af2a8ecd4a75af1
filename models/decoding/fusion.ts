/** Mixes the probabilities of both heads into one list. */
import type { FoundItem } from './beam-search';

/** The candidates of each head for one user. */
export interface Candidates {
  /** Items that the beam search found, best first. */
  readonly decoder: readonly FoundItem[];
  /** Item ids in the order of the item head, best first; null for a model without one. */
  readonly itemHead: readonly number[] | null;
  /**
   * @returns The item head's log-probability, normalised over the live items known in training, as the decoder's is over the live items:
   *   so a filter changes no score, and removed items take nothing from its share. Null for an item that it does not know.
   */
  itemHeadScore(itemId: number): number | null;
}

/** One item of a list. This record goes unchanged from here through the worker to the API. */
export interface Recommendation {
  readonly itemId: number;
  /** Natural log of the probability under both heads together. */
  readonly score: number;
  /** The head that gave the larger part of the probability; `GENERATED`, the decoder, when both parts are equal. */
  readonly source: 'GENERATED' | 'ITEM_HEAD';
  /** The decoder's log-probability of the semantic ID; null: the beam search did not find the item. */
  readonly decoderScore: number | null;
  /** The item head's log-probability; null: there is no such head, or it does not know the item. */
  readonly itemHeadScore: number | null;
  /** The codes that the decoder wrote, coarse to fine; empty when `decoderScore` is null. */
  readonly codes: readonly number[];
  /** One per code; their sum is `decoderScore`. */
  readonly logProbabilities: readonly number[];
}

/**
 * p = (1 − share) · p(decoder) + share · p(item head). An item that the beam search did not find has p(decoder) = 0.
 *
 * @param share - The item head's share: 0 when there is none, and always below 1. With a share of 1 an item that the item head
 *   does not know could never be recommended.
 * @returns All candidates of either head, best first. With a share of 0 the decoder's list in its own order, which may be sampled.
 */
export function fuse(candidates: Candidates, share: number): Recommendation[] {
  const { decoder, itemHead } = candidates;
  const found = new Map(decoder.map((one) => [one.itemId, one]));
  const itemIds = new Set([...found.keys(), ...(share > 0 ? (itemHead ?? []) : [])]);
  const items = Array.from(itemIds, (itemId) =>
    mix(itemId, found.get(itemId) ?? null, candidates.itemHeadScore(itemId), share),
  );
  return share === 0 ? items : items.sort((a, b) => b.score - a.score);
}

function mix(itemId: number, found: FoundItem | null, itemHeadScore: number | null, share: number): Recommendation {
  const decoderPart = found === null ? 0 : (1 - share) * Math.exp(found.score);
  const itemHeadPart = itemHeadScore === null ? 0 : share * Math.exp(itemHeadScore);
  return {
    itemId,
    score: Math.log(decoderPart + itemHeadPart),
    source: decoderPart >= itemHeadPart ? 'GENERATED' : 'ITEM_HEAD',
    decoderScore: found?.score ?? null,
    itemHeadScore,
    codes: found?.codes ?? [],
    logProbabilities: found?.logProbabilities ?? [],
  };
}
