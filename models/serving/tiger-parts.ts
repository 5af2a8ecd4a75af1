/** The parts of a trained model, and how much each counts in a list. Validation chooses these numbers; a checkpoint has them. */
import type { Variable } from '@tensorflow/tfjs-core';

import type { TensorFiles } from '../checkpoint/stored-tensor';
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import type { NeighbourSource } from '../decoding/evidence';
import type { Seq2Seq } from '../seq2seq/batches';
import type { TextSpace } from '../text/text-space';

export interface TigerParts extends Fusion {
  readonly config: TigerConfig;
  readonly model: Seq2Seq;
  /** The items known in training, by row; a negative number for each item of which nothing was learned; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** Null: the texts of all items of the training are equal. */
  readonly texts: TextSpace | null;
  /** The text half of the item head: see models/seq2seq/item-scorer.ts. */
  readonly itemTexts?: Variable | null;
  /** Neighbours of the items known in training; absent: see `ItemHeadWeights`. */
  readonly neighbours?: NeighbourSource | null;
  readonly device: Device;
  /** False while the weights are still being trained. */
  readonly isFrozen: boolean;
  /** Where some of the parts lie; they are closed with the model. Absent: all parts are in memory. */
  readonly files?: TensorFiles;
  /** How many threads a batch of several users may use; by default one a core. */
  readonly threads?: number;
}

/** How much the parts count that are not trained: texts, neighbours and repeats. */
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
}

/** Weights of a model that has learned parts alone. */
export const NO_WEIGHTS: ItemHeadWeights = {
  textWeight: 0,
  neighbourShare: 0,
  neighbourDecay: 1,
  repeatShare: 0,
  repeatDecay: 1,
};

/** The weights that come in after the model has run, so that one batch can have lists of both kinds. */
export type SeenKeptWeights = Pick<Fusion, 'itemHeadShare'> &
  Pick<ItemHeadWeights, 'neighbourShare' | 'neighbourDecay' | 'repeatShare' | 'repeatDecay'>;

/** How the probabilities of the two heads are mixed; an older checkpoint has fewer weights. */
export interface Fusion extends Partial<ItemHeadWeights> {
  /** 0 is the decoder alone; always below 1. */
  readonly itemHeadShare: number;
  /** Weights of lists with seen items; absent: few users take an item again, or the checkpoint is older. */
  readonly seenKept?: SeenKeptWeights;
}

/** @returns Whether lists of either kind need the table of neighbours. */
export function usesNeighbours({ neighbourShare = 0, seenKept }: Fusion): boolean {
  return neighbourShare > 0 || (seenKept?.neighbourShare ?? 0) > 0;
}
