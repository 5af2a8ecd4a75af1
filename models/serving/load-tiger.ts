/** Opens the checkpoint of a training as a model that serves. */
import { CheckpointError, loadCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { createModel, restoreWeights } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import { TextSpace } from '../text/text-space';
import { Tiger, type Fusion } from './tiger-model';

/**
 * @param dir - A checkpoint that `fitTiger` wrote.
 * @throws {CheckpointError} When it is missing, damaged or does not fit its own configuration.
 */
export async function loadTiger(dir: string, device: Device): Promise<Tiger> {
  const checkpoint = await loadCheckpoint(dir);
  const config = configOf(checkpoint, dir);
  const itemIds = knownItems(checkpoint);
  const model = createModel(config, itemIds.length, null);
  restoreWeights(model, checkpoint.tensors.weights ?? {}, device, dir);
  const { texts: tensors } = checkpoint.tensors;
  const texts = tensors === undefined ? null : TextSpace.fromTensors(tensors);
  return Tiger.open({ config, model, itemIds, texts, itemHeadShare: shareOf(checkpoint), device, isFrozen: true });
}

/** A checkpoint of a version without item heads has no fusion. */
function shareOf({ documents }: Checkpoint): number {
  return (documents.fusion as Fusion | undefined)?.itemHeadShare ?? 0;
}

/** Ids of the items known in training, by row. */
function knownItems({ tensors }: Checkpoint): Int32Array {
  const items = tensors['semantic-ids']?.items?.data;
  return items instanceof Int32Array ? items : new Int32Array(0);
}

function configOf(checkpoint: Checkpoint, dir: string): TigerConfig {
  const config = checkpoint.documents.config as TigerConfig | undefined;
  if (config === undefined) throw new CheckpointError(`${dir}: expected a config.json, got none`);
  return config;
}
