/** Opens the checkpoint of a training as a model that serves. */
import type { Variable } from '@tensorflow/tfjs';

import { CheckpointError, loadCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { createModel, restoreWeights } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TigerConfig } from '../config';
import { TextSpace } from '../text/text-space';
import { Tiger, type Fusion, type TigerParts } from './tiger-model';

/**
 * @param dir - A checkpoint that `fitTiger` wrote.
 * @throws {CheckpointError} When it is missing, damaged or does not fit its own configuration.
 */
export async function loadTiger(dir: string, device: Device): Promise<Tiger> {
  return openTiger(await loadCheckpoint(dir), dir, { device });
}

/**
 * @param checkpoint - Its arrays must not change any more; threads may share them.
 * @param dir - Where it was read from, for messages.
 * @param threads - How many a batch of several users may use; by default one a core.
 * @throws {CheckpointError} When it does not fit its own configuration.
 */
export function openTiger(
  checkpoint: Checkpoint,
  dir: string,
  { device, threads }: Pick<TigerParts, 'device' | 'threads'>,
): Tiger {
  checkParts(checkpoint, dir);
  const { tensors, documents } = checkpoint;
  const config = documents.config as TigerConfig;
  const itemIds = knownItems(checkpoint);
  const model = createModel(config, itemIds.length, null);
  restoreWeights(model, tensors.weights, device, dir);
  const texts = TextSpace.fromTensors(tensors.texts);
  const itemTexts = textsOf(checkpoint);
  const fusion = documents.fusion as Fusion;
  return Tiger.open({ ...fusion, config, model, itemIds, texts, itemTexts, device, isFrozen: true, threads });
}

/** The text half of the item head; null: validation found no use for it, or the checkpoint is older. */
function textsOf({ tensors }: Checkpoint): Variable | null {
  const directions = tensors['item-texts']?.directions;
  return directions === undefined ? null : variableOf(directions);
}

const NEEDED = {
  tensors: ['weights', 'tokenizer', 'texts', 'semantic-ids'],
  documents: ['config', 'metrics', 'fusion'],
} as const;

/** A file that the manifest does not name would not be missed otherwise, and the model would make other lists. */
function checkParts(checkpoint: Checkpoint, dir: string): void {
  for (const kind of ['tensors', 'documents'] as const) {
    const missing = NEEDED[kind].find((name) => checkpoint[kind][name] === undefined);
    if (missing !== undefined) throw new CheckpointError(`${dir}: expected ${missing} in the manifest, got none`);
  }
}

/** Ids of the items known in training, by row. */
function knownItems({ tensors }: Checkpoint): Int32Array {
  const items = tensors['semantic-ids'].items?.data;
  return items instanceof Int32Array ? items : new Int32Array(0);
}
