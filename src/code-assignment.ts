/** Items' codes under the live tokenizer, before anyone has told equal ones apart. */
import type { UserErrorRecord } from '../graphql/context';
import type { LiveTokenizer } from './live-tokenizer';
import type { CodeAssigner } from './text-encoder';
import { userError } from './user-errors';

/** Vectors a message to the worker: 10 MB at 512 numbers each. */
const VECTORS_A_CALL = 5_000;

/**
 * @param vectors - Each float32 `[dims]`.
 * @returns The codebook codes of each, coarse to fine, without collision token.
 * @throws {RangeError} When a vector is not as wide as those that the tokenizer reads.
 */
export async function assignCodes(
  assigner: CodeAssigner,
  { checkpointDir, dims }: Pick<LiveTokenizer, 'checkpointDir' | 'dims'>,
  vectors: readonly Float32Array[],
): Promise<number[][]> {
  const codes: number[][] = [];
  for (let start = 0; start < vectors.length; start += VECTORS_A_CALL) {
    const rows = joinRows(vectors.slice(start, start + VECTORS_A_CALL), dims);
    const reply = await assigner.assign(checkpointDir, rows, dims);
    for (let at = 0; at < reply.codes.length; at += reply.numLevels) {
      codes.push(Array.from(reply.codes.subarray(at, at + reply.numLevels)));
    }
  }
  return codes;
}

/** The error of an item for which no collision token is left. */
export function fullError(
  codes: readonly number[],
  { collisionSize }: Pick<LiveTokenizer, 'collisionSize'>,
  ...field: (string | number)[]
): UserErrorRecord {
  const message = `semanticId: expected at most ${collisionSize} items with the codes [${codes.join(', ')}], got one more`;
  return userError('OUT_OF_RANGE', message, ...field);
}

function joinRows(vectors: readonly Float32Array[], dims: number): Float32Array {
  const joined = new Float32Array(vectors.length * dims);
  vectors.forEach((vector, row) => {
    if (vector.length !== dims) throw new RangeError(`vector ${row}: expected ${dims} numbers, got ${vector.length}`);
    joined.set(vector, row * dims);
  });
  return joined;
}
