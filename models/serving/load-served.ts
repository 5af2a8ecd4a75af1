/** Reads the checkpoint of a model that is to serve, once for all threads that make lists with it. */
import { type Checkpoint, loadCheckpoint } from '../checkpoint/checkpoint';
import { readSharedTensors, type StaysStored } from '../checkpoint/stored-tensor';

/** The tables with a row for each item of which a list reads only those of its history. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  weights: ['itemVectors'],
  'second-weights': ['itemVectors'],
  'item-texts': ['directions'],
  'item-neighbours': ['items', 'weights'],
};
/** What is read when the model is compiled, and never again. */
const COMPILED: readonly string[] = ['weights', 'second-weights'];

/** Up to how many bytes a tensor goes to memory: the vectors of 16,000 items with preset `base`, and what is not worth a read. */
const IN_MEMORY = { table: 2 ** 23, compiled: 2 ** 16 };

/**
 * Small tensors go to memory that threads share, large ones stay in their files: see `openTiger`.
 *
 * @throws {CheckpointError} As `loadCheckpoint`.
 */
export function loadServed(dir: string, inMemory = IN_MEMORY): Promise<Checkpoint> {
  const stays: StaysStored = (group, name, { byteLength }) => {
    if (TABLES[group]?.includes(name)) return byteLength > inMemory.table;
    return COMPILED.includes(group) && byteLength > inMemory.compiled;
  };
  return loadCheckpoint(dir, (path, expected) => readSharedTensors(path, expected, stays));
}
