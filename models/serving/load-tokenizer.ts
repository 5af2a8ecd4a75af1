/** Loads only the tokenizer of a checkpoint. It loads no tensor engine, so a thread that has another engine can use it. */
import { CheckpointError, loadCheckpoint } from '../checkpoint/checkpoint';
import { Tokenizer } from '../semantic-id/tokenizer';

/** @throws {CheckpointError} When the checkpoint is missing, damaged or without a tokenizer. */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  const { tensors } = await loadCheckpoint(dir);
  if (tensors.tokenizer === undefined) throw new CheckpointError(`${dir}: expected a tokenizer, got none`);
  return Tokenizer.fromTensors(tensors.tokenizer);
}
