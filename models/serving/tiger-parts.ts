/** The parts of a trained model, and how much each counts in a list. Validation chooses these numbers; a checkpoint has them. */
import type { Variable } from '@tensorflow/tfjs-core';

import type { TensorFiles } from '../checkpoint/stored-tensor';
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import type { NeighbourSource } from '../decoding/evidence/neighbours';
import type { RepeatWeights } from '../decoding/evidence/repeats';
import type { ListWeights } from '../decoding/mixture';
import type { Seq2Seq } from '../seq2seq/batches';
import type { TextSpace } from '../text/text-space';

export interface TigerParts {
  readonly config: TigerConfig;
  readonly model: Seq2Seq;
  /** The items known in training, by row; a negative number for each item of which nothing was learned; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** Null: the texts of all items of the training are equal. */
  readonly texts: TextSpace | null;
  /** Directions of the items' texts, of row 0 zeros; float32 `[N + 1, F]`; null: there are none. */
  readonly itemTexts: Variable | null;
  readonly neighbours: NeighbourSource;
  /** How popular each item is; float32 `[N]`. */
  readonly popularity: Float32Array;
  readonly weights: MixtureWeights;
  readonly device: Device;
  /** False while the weights are still being trained. */
  readonly isFrozen: boolean;
  /** True: parts without a share are asked too, since the shares are still to be chosen. */
  readonly hasAllParts?: boolean;
  /** Where some of the parts lie; they are closed with the model. Absent: all parts are in memory. */
  readonly files?: TensorFiles;
  /** How many threads a batch of several users may use; by default one a core. */
  readonly threads?: number;
  /** Items of the largest catalogue in which a list looks at all of them; absent: see `MAX_EXHAUSTIVE`. */
  readonly maxExhaustive?: number;
}

/** How much each part counts in one kind of list, and how the evidence reads a history. */
export interface ListMaking extends ListWeights {
  /** See `Neighbours`. */
  readonly neighbourDecay: number;
  readonly repeats: RepeatWeights;
}

export interface MixtureWeights {
  /** For lists without the items that the user has. */
  readonly unseen: ListMaking;
  /** For lists that may have them. */
  readonly seenKept: ListMaking;
}
