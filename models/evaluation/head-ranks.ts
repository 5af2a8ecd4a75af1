/** The lists that each head makes of what a model says, and both together; and the share of the item head that validation chooses. */
import type { HeldOut } from '../data/interactions';
import { fuse, type Candidates } from '../decoding/fusion';
import { bestOf, CUTOFFS, hitRank, meanNdcg } from './metrics';

/** Length of a list, if nothing else is said: the largest cutoff of hits. */
export const LIST_SIZE = Math.max(...CUTOFFS);

/** Shares of the neighbours and of the repeats in the item head that are tried on validation. */
export const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
/**
 * Shares of the item head. Where the texts count much, its probabilities fall so steeply that a thousandth of the decoder's would put items
 * before most of what it knows. With a share of 1, items that it does not know could never be in a list.
 */
export const ITEM_HEAD_SHARES = [...SHARES, 0.9999];

/** Makes one list of item rows from what the heads say, `first` long (absent: `LIST_SIZE`). */
export type Ranker = (candidates: Candidates, first?: number) => number[];

export const byDecoder: Ranker = ({ decoder }, first = LIST_SIZE) =>
  decoder.slice(0, first).map(({ itemId }) => itemId);
export const byItemHead: Ranker = ({ itemHead }, first = LIST_SIZE) => (itemHead ?? []).slice(0, first);

export function fusedBy(share: number): Ranker {
  return (candidates, first = LIST_SIZE) =>
    fuse(candidates, share)
      .slice(0, first)
      .map(({ itemId }) => itemId);
}

/** The `hitRank` of a user's targets in each list. */
export interface HeadRanks {
  readonly decoder: number;
  /** Null for a model without an item head. */
  readonly itemHead: number | null;
  /** One per share that is tried. */
  readonly fused: readonly number[];
}

export function headRanks({ targets }: HeldOut, candidates: Candidates): HeadRanks {
  const rankOf = (ranking: Ranker) => hitRank(ranking(candidates), targets);
  return {
    decoder: rankOf(byDecoder),
    itemHead: candidates.itemHead === null ? null : rankOf(byItemHead),
    fused: ITEM_HEAD_SHARES.map((share) => rankOf(fusedBy(share))),
  };
}

export interface HeadChoice {
  /** The item head's share in the fusion, below 1; 0 for a model without an item head. */
  readonly share: number;
  /** NDCG@10 with that share, and of each head alone. */
  readonly served: number;
  readonly decoder: number;
  readonly itemHead: number | null;
}

/** Most shops choose it; it holds where validation does not tell. */
const PRIOR_SHARE = 0.9;

/** @returns The share with the best NDCG@10 on validation: see `bestOf`. */
export function chooseShare(validation: readonly HeadRanks[], hasItemHead: boolean): HeadChoice {
  const decoder = meanNdcg(validation.map((ranks) => ranks.decoder));
  if (!hasItemHead) return { share: 0, served: decoder, decoder, itemHead: null };
  const tried = ITEM_HEAD_SHARES.map((_, i) => validation.map(({ fused }) => fused[i]));
  const chosen = bestOf(tried, ITEM_HEAD_SHARES.indexOf(PRIOR_SHARE));
  const itemHead = meanNdcg(validation.flatMap((ranks) => ranks.itemHead ?? []));
  return { share: ITEM_HEAD_SHARES[chosen], served: meanNdcg(tried[chosen]), decoder, itemHead };
}
