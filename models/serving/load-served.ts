/** Reads what serving needs of a checkpoint, into memory that threads share. It loads no tensor engine. */
import { type Checkpoint, loadCheckpoint, CheckpointError, type StaysStored } from '../checkpoint/checkpoint';
import { Tokenizer } from '../semantic-id/tokenizer';

/** The tables with a row for each item of which a list reads only those of its history. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  weights: ['itemVectors'],
  'item-texts': ['directions'],
  'item-neighbours': ['items', 'weights'],
};
/** The tensors that are read when the model is compiled, and never again. */
const COMPILED = 'weights';

/** Larger tensors stay in their files: a table of 16,000 items with preset `base`; below the second, a read is not worth it. */
const IN_MEMORY = { table: 2 ** 23, compiled: 2 ** 16 };

/**
 * Small tensors go to memory that threads share, large ones stay in their files: see `openTiger`.
 *
 * @throws {CheckpointError} As `loadCheckpoint`.
 */
export function loadServed(dir: string, inMemory = IN_MEMORY): Promise<Checkpoint> {
  const stays: StaysStored = (group, name, { byteLength }) => {
    if (TABLES[group]?.includes(name)) return byteLength > inMemory.table;
    return group === COMPILED && byteLength > inMemory.compiled;
  };
  return loadCheckpoint(dir, SharedArrayBuffer, stays);
}

/** Loads only the tokenizer. @throws {CheckpointError} When the checkpoint is missing, damaged or without a tokenizer. */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  const { tensors } = await loadCheckpoint(dir, ArrayBuffer, (group) => group !== 'tokenizer');
  if (tensors.tokenizer === undefined) throw new CheckpointError(`${dir}: expected a tokenizer, got none`);
  try {
    return Tokenizer.fromTensors(tensors.tokenizer);
  } catch (error) {
    throw new CheckpointError(`${dir}: ${(error as Error).message}; train again`);
  }
}
