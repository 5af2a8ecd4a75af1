/** A checkpoint's tokenizer alone. Loads no tensor engine, so that a thread with another one of its own may use it. */
import { CheckpointError, loadCheckpoint } from '../checkpoint/checkpoint';
import { Tokenizer } from '../semantic-id/tokenizer';

/** @throws {CheckpointError} When the checkpoint is missing, damaged or without a tokenizer. */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  const { tensors } = await loadCheckpoint(dir);
  if (tensors.tokenizer === undefined) throw new CheckpointError(`${dir}: expected a tokenizer, got none`);
  return Tokenizer.fromTensors(tensors.tokenizer);
}
