/** Makes the codebook codes of items, without the collision tokens that tell equal codes apart. */
import { userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { chunksOf } from '../../models/math/chunks-of';
import { Rows } from '../../models/math/rows';
import type { ActiveTokenizer } from './active-tokenizer';
import type { CodeAssigner } from './text-encoder';

/** Vectors of one message to the worker: 2 MB at 512 numbers each, which are copied in a few milliseconds. */
const VECTORS_PER_CALL = 1_000;

type TokenizerFiles = Pick<ActiveTokenizer, 'checkpointDir' | 'dims'>;

/**
 * @param vectors - Each float32 `[dims]`.
 * @returns The codebook codes of each, coarse to fine, without collision token.
 * @throws {RangeError} When a vector is not as wide as the vectors that the tokenizer reads.
 */
export async function assignCodes(
  assigner: CodeAssigner,
  { checkpointDir, dims }: TokenizerFiles,
  vectors: readonly Float32Array[],
): Promise<number[][]> {
  return inCalls(vectors, dims, async (rows) => (await assigner.assign(checkpointDir, rows, dims)).codes);
}

/**
 * @param vectors - Each float32 `[dims]`.
 * @returns Of each, all codes that its last level could have, nearest first.
 */
export async function rankLastLevel(
  assigner: CodeAssigner,
  { checkpointDir, dims }: TokenizerFiles,
  vectors: readonly Float32Array[],
): Promise<number[][]> {
  return inCalls(vectors, dims, async (rows) => (await assigner.rankLastLevel(checkpointDir, rows, dims)).codes);
}

/** The error of an item for which no collision token is left. */
export function fullError(
  codes: readonly number[],
  { collisionSize }: Pick<ActiveTokenizer, 'collisionSize'>,
  ...field: (string | number)[]
): UserErrorRecord {
  const message = `semanticId: expected at most ${collisionSize} items with the codes [${codes.join(', ')}], got one more; a training makes new codes`;
  return userError('OUT_OF_RANGE', message, ...field);
}

/**
 * @returns The error that tells a caller why the active tokenizer gives no codes.
 * @throws Any error but that of its checkpoint.
 */
export function tokenizerError(error: Error): UserErrorRecord {
  if (!isCheckpointError(error)) throw error;
  return userError(
    'UNUSABLE_CHECKPOINT',
    'semantic IDs: expected the files of the active tokenizer, got missing or damaged ones; activate another version',
  );
}

/** @param call - Gets the rows one after another in one array, and returns equally many numbers for each. */
async function inCalls(
  vectors: readonly Float32Array[],
  dims: number,
  call: (rows: Float32Array) => Promise<Int32Array>,
): Promise<number[][]> {
  const found: number[][] = [];
  for (const chunk of chunksOf(vectors, VECTORS_PER_CALL)) {
    const numbers = await call(joinRows(chunk, dims));
    found.push(...new Rows(numbers, numbers.length / chunk.length).lists());
  }
  return found;
}

function joinRows(vectors: readonly Float32Array[], dims: number): Float32Array {
  const joined = new Rows(new Float32Array(vectors.length * dims), dims);
  vectors.forEach((vector, row) => {
    if (vector.length !== dims) throw new RangeError(`vector ${row}: expected ${dims} numbers, got ${vector.length}`);
    joined.set(row, vector);
  });
  return joined.values;
}
