/** What a trained model is opened from. */
import type { Variable } from '@tensorflow/tfjs-core';

import type { TensorFiles } from '../checkpoint/stored-tensor';
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import type { NeighbourSource } from '../decoding/evidence';
import type { Seq2Seq } from '../seq2seq/batches';
import type { TextSpace } from '../text/text-space';
import type { Fusion } from './head-weights';

export interface TigerParts extends Fusion {
  readonly config: TigerConfig;
  /** One, or two: see `Seq2SeqConfig.secondModel`. */
  readonly models: readonly Seq2Seq[];
  /** The items known in training, by row; a negative number for each item of which nothing was learned; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** Null: the texts of all items of the training are equal. */
  readonly texts: TextSpace | null;
  /** The text half of the item head: see models/seq2seq/item-scorer.ts. */
  readonly itemTexts?: Variable | null;
  /** Of the items known in training; absent: see `ItemHeadWeights`. */
  readonly neighbours?: NeighbourSource | null;
  readonly device: Device;
  /** False while the weights are still being trained. */
  readonly isFrozen: boolean;
  /** Where some of the parts lie; they are closed with the model. Absent: all parts are in memory. */
  readonly files?: TensorFiles;
  /** How many threads a batch of several users may use; by default one a core. */
  readonly threads?: number;
}
