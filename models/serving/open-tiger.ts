/** Opens the checkpoint of a training as a model that serves. */
import type { Variable } from '@tensorflow/tfjs-core';

import { CheckpointError, type Checkpoint } from '../checkpoint/checkpoint';
import { itemIdsByRow } from '../checkpoint/known-items';
import { type AdoptableTensors, modelOf } from '../checkpoint/model-weights';
import { TensorFiles, type StoredTensor } from '../checkpoint/stored-tensor';
import type { Device } from '../compute/device';
import { variableOf } from '../compute/variables';
import { storedConfig } from '../config';
import type { NeighbourSource } from '../decoding/evidence/neighbours';
import { TextSpace } from '../text/text-space';
import { Tiger } from './tiger-model';
import type { MixtureWeights, TigerParts } from './tiger-parts';

/**
 * Opens a checkpoint that `fitTiger` wrote, on a device.
 *
 * @param checkpoint - Its arrays must not change any more; threads may share them.
 * @param dir - Where it was read from, for messages.
 * @param threads - How many a batch of several users may use; by default one a core.
 * @throws {CheckpointError} When it does not fit its own configuration.
 */
export async function openTiger(
  checkpoint: Checkpoint,
  dir: string,
  options: Pick<TigerParts, 'device' | 'threads'>,
): Promise<Tiger> {
  checkParts(checkpoint, dir);
  const files = await TensorFiles.open(Object.values(checkpoint.stored ?? {}).flatMap((group) => Object.values(group)));
  try {
    return openFrom(checkpoint, dir, { ...options, files });
  } catch (error) {
    files.close();
    throw error;
  }
}

function openFrom(
  checkpoint: Checkpoint,
  dir: string,
  { device, threads, files }: Pick<TigerParts, 'device' | 'threads'> & { readonly files: TensorFiles },
): Tiger {
  const { tensors, documents } = checkpoint;
  const config = storedConfig(documents.config);
  const itemIds = itemIdsByRow(checkpoint);
  const texts = tensors.texts.mean === undefined ? null : TextSpace.fromTensors(tensors.texts);
  const itemTexts = textsOf(checkpoint, device, files);
  const model = modelOf(config, itemIds.length, weightsIn(checkpoint, files), device, dir);
  return Tiger.open({
    config,
    model,
    itemIds,
    texts,
    itemTexts,
    neighbours: neighboursOf(checkpoint, files),
    popularity: tensors.popularity.weights.data as Float32Array,
    weights: documents.weights as MixtureWeights,
    device,
    isFrozen: true,
    threads,
    files,
  });
}

/** Null: the texts of all items of the training are equal. */
function textsOf({ tensors, stored }: Checkpoint, device: Device, files: TensorFiles): Variable | null {
  const table = stored?.['item-texts']?.directions;
  if (table !== undefined) return storedVariable(table, device, files);
  const directions = tensors['item-texts']?.directions;
  return directions === undefined ? null : variableOf(directions);
}

function storedVariable(tensor: StoredTensor, device: Device, files: TensorFiles): Variable {
  const rows = files.rows(tensor);
  const variable = variableOf({ shape: tensor.shape, data: new Float32Array(rows.count * rows.dims) }); // never written to
  device.write(variable, rows);
  return variable;
}

function neighboursOf({ tensors, stored }: Checkpoint, files: TensorFiles): NeighbourSource {
  const parts = tensors['item-neighbours'];
  const { items, weights } = stored?.['item-neighbours'] ?? {};
  return {
    offsets: parts.offsets.data as Int32Array,
    items: items ? files.integers(items) : (parts.items.data as Int32Array),
    weights: weights ? files.floats(weights) : (parts.weights.data as Float32Array),
  };
}

function weightsIn({ tensors, stored }: Checkpoint, files: TensorFiles): AdoptableTensors {
  const matrices = Object.entries(stored?.weights ?? {}).map(
    ([variable, tensor]) => [variable, { shape: tensor.shape, data: files.rows(tensor) }] as const,
  );
  return { ...tensors.weights, ...Object.fromEntries(matrices) };
}

const TENSORS = ['weights', 'tokenizer', 'texts', 'semantic-ids', 'item-neighbours', 'popularity'];
const DOCUMENTS = ['config', 'metrics', 'weights'];

/** Without this check nobody would miss a file that the manifest does not name, and the model would make other lists. */
function checkParts({ tensors, documents }: Checkpoint, dir: string): void {
  const ofTexts = tensors.texts?.mean === undefined ? [] : ['item-texts'];
  const missing =
    [...TENSORS, ...ofTexts].find((name) => tensors[name] === undefined) ??
    DOCUMENTS.find((name) => documents[name] === undefined);
  if (missing !== undefined) throw new CheckpointError(`${dir}: expected ${missing} in the manifest, got none`);
}
