/** Opens the checkpoint of a training as a model that serves. */
import type { Variable } from '@tensorflow/tfjs-core';

import { CheckpointError, type Checkpoint } from '../checkpoint/checkpoint';
import { itemIdsByRow } from '../checkpoint/known-items';
import { modelOf } from '../checkpoint/model-weights';
import { variableOf } from '../compute/variables';
import type { TigerConfig } from '../config';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { TextSpace } from '../text/text-space';
import { usesNeighbours, type Fusion } from './head-weights';
import { Tiger } from './tiger-model';
import type { TigerParts } from './tiger-parts';

/**
 * Opens a checkpoint that `fitTiger` wrote, on a device.
 *
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
  const itemIds = itemIdsByRow(checkpoint);
  const texts = tensors.texts.mean === undefined ? null : TextSpace.fromTensors(tensors.texts);
  const itemTexts = textsOf(checkpoint);
  const neighbours = neighboursOf(checkpoint);
  const fusion = documents.fusion as Fusion;
  const models = weightNames(fusion).map((name) => modelOf(config, itemIds.length, tensors[name], device, dir));
  return Tiger.open({
    ...fusion,
    config,
    models,
    itemIds,
    texts,
    itemTexts,
    neighbours,
    device,
    isFrozen: true,
    threads,
  });
}

/** @returns The names of the weights of each model. */
function weightNames({ hasSecondModel }: Fusion): readonly string[] {
  return hasSecondModel ? ['weights', 'second-weights'] : ['weights'];
}

/** The text half of the item head; null: validation found no use for it, or the checkpoint is older. */
function textsOf({ tensors }: Checkpoint): Variable | null {
  const directions = tensors['item-texts']?.directions;
  return directions === undefined ? null : variableOf(directions);
}

/** The item head's neighbours; null: validation found no use for them, or the checkpoint is older. */
function neighboursOf({ tensors }: Checkpoint): NeighbourTable | null {
  const parts = tensors['item-neighbours'];
  if (parts === undefined) return null;
  const [offsets, items] = [parts.offsets.data as Int32Array, parts.items.data as Int32Array];
  return { offsets, items, weights: parts.weights.data as Float32Array };
}

const NEEDED = {
  tensors: ['weights', 'tokenizer', 'texts', 'semantic-ids'],
  documents: ['config', 'metrics', 'fusion'],
} as const;

/** Without this check nobody would miss a file that the manifest does not name, and the model would make other lists. */
function checkParts(checkpoint: Checkpoint, dir: string): void {
  for (const kind of ['tensors', 'documents'] as const) checkNamed(checkpoint, kind, NEEDED[kind], dir);
  const fusion = checkpoint.documents.fusion as Fusion;
  if ((fusion.textWeight ?? 0) > 0) checkNamed(checkpoint, 'tensors', ['item-texts'], dir);
  checkNamed(checkpoint, 'tensors', weightNames(fusion), dir);
  if (usesNeighbours(fusion)) checkNamed(checkpoint, 'tensors', ['item-neighbours'], dir);
}

function checkNamed(
  checkpoint: Checkpoint,
  kind: 'tensors' | 'documents',
  names: readonly string[],
  dir: string,
): void {
  const missing = names.find((name) => checkpoint[kind][name] === undefined);
  if (missing !== undefined) throw new CheckpointError(`${dir}: expected ${missing} in the manifest, got none`);
}
