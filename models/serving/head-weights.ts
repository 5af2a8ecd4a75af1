/** How much each head counts in a list, and its parts that are not trained. A checkpoint has these numbers; validation chooses them. */

/** How much texts, neighbours and repeats count: the parts that are not trained. */
export interface ItemHeadWeights {
  /** Nats that a text as near as can be adds to the item head's logit of an item; 0: the item head reads no texts. */
  readonly textWeight: number;
  /** Share of the neighbours' probabilities in the item head's, below 1; 0: the item head does without them. */
  readonly neighbourShare: number;
  /** See `neighbourProbabilities`. */
  readonly neighbourDecay: number;
  /** Share of the repeats' probabilities in what item head and neighbours say together, below 1; 0 in lists without seen items. */
  readonly repeatShare: number;
  /** See `repeatProbabilities`. */
  readonly repeatDecay: number;
  /**
   * Whether the neighbours count, as much as in the item head, in the search of a decoder that makes a list alone. In other lists they
   * already have their part by the item head, and the decoder adds what they do not know.
   */
  readonly neighboursInSearch: boolean;
  /** Whether the texts do. */
  readonly textsInSearch: boolean;
}

/** Of a model that has learned parts alone. */
export const NO_WEIGHTS: ItemHeadWeights = {
  textWeight: 0,
  neighbourShare: 0,
  neighbourDecay: 1,
  repeatShare: 0,
  repeatDecay: 1,
  neighboursInSearch: false,
  textsInSearch: false,
};

/** The weights that come in after the model has run, so that one batch can have lists of both kinds. */
export type SeenKeptWeights = Pick<Fusion, 'itemHeadShare' | 'neighboursInSearch' | 'textsInSearch'> &
  Pick<ItemHeadWeights, 'neighbourShare' | 'neighbourDecay' | 'repeatShare' | 'repeatDecay'>;

/** How the probabilities of the two heads are mixed; an older checkpoint has fewer weights. */
export interface Fusion extends Partial<ItemHeadWeights> {
  /** 0 is the decoder alone; always below 1. */
  readonly itemHeadShare: number;
  /** Whether the checkpoint has a second model; absent: it is older. */
  readonly hasSecondModel?: boolean;
  /** What lists with seen items use instead; absent: few users take an item again, or the checkpoint is older. */
  readonly seenKept?: SeenKeptWeights;
}

/** @returns Whether lists of either kind need the table of neighbours. */
export function usesNeighbours({ neighbourShare = 0, seenKept }: Fusion): boolean {
  return neighbourShare > 0 || (seenKept?.neighbourShare ?? 0) > 0;
}
