/** Makes unit vectors of items' texts or of callers' vectors, and codes of vectors, without the collision tokens. A worker computes. */
import { userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { chunksOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { normaliseRows, SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { CodesReply, EncodeProtocol } from '../workers/messages';
import { askAgain, type WorkerClient } from '../workers/spawn-worker';
import type { ActiveTokenizer } from './active-tokenizer';

/** `encoder` of vectors that callers made themselves. */
export const GIVEN_ENCODER = 'given';

export interface EncodableItem {
  readonly text: string;
  /** The caller's own vector of the item; null: made from the text. */
  readonly embedding: readonly number[] | null;
}

export interface EncodedItems {
  /** float32 `[items, dims]`, each row of length 1. */
  readonly vectors: Float32Array;
  readonly dims: number;
  readonly encoder: string;
}

export interface CodeAssigner {
  /** Vectors from the callers' embeddings where there are any, else from the texts. Both are as wide as the catalogue's. */
  encode(items: readonly EncodableItem[], signal?: AbortSignal): Promise<EncodedItems>;
  /**
   * Codes under the tokenizer of a checkpoint, without collision tokens.
   *
   * @param vectors - float32 `[N, dims]`.
   */
  assign(checkpoint: string, vectors: Float32Array, dims: number): Promise<CodesReply>;
}

/**
 * @param worker - `spawnWorker('encode')`; its owner disposes it. It keeps nothing from one call to the next, so a new one can answer.
 * @param open - Gives the folder of a checkpoint that the database knows by a key. Without it, callers give the folder itself.
 */
export function createCodeAssigner(
  worker: WorkerClient<EncodeProtocol>,
  open: (key: string) => Promise<string> = (folder) => Promise.resolve(folder),
): CodeAssigner {
  return {
    async encode(items, signal) {
      const texts = items.filter((item) => item.embedding === null).map((item) => item.text);
      const dims = texts.length > 0 ? SENTENCE_DIMS : (items[0]?.embedding?.length ?? SENTENCE_DIMS);
      const encoded = texts.length > 0 ? await encodeTexts(worker, texts, signal) : new Float32Array();
      return {
        vectors: mergeRows(items, encoded, dims),
        dims,
        encoder: texts.length > 0 ? SENTENCE_ENCODER : GIVEN_ENCODER,
      };
    },
    // The vectors are copied, not moved: they are asked for again when the worker ends.
    async assign(checkpoint, vectors, dims) {
      const checkpointDir = await open(checkpoint);
      return askAgain(() => worker.call({ type: 'assign-codes', checkpointDir, vectors, dims }));
    },
  };
}

async function encodeTexts(worker: WorkerClient<EncodeProtocol>, texts: readonly string[], signal?: AbortSignal) {
  const options = signal && { signal };
  const { vectors } = await askAgain(() => worker.call({ type: 'encode-texts', texts }, [], options));
  return vectors;
}

function mergeRows(items: readonly EncodableItem[], encoded: Float32Array, dims: number): Float32Array {
  const vectors = new Rows(new Float32Array(items.length * dims), dims);
  const ofTexts = new Rows(encoded, dims).all().values();
  items.forEach(({ embedding }, row) => vectors.set(row, embedding ?? ofTexts.next().value!));
  return normaliseRows(vectors.values, dims);
}

/**
 * A plan may have to be made anew, mostly of the same texts, and encoding takes seconds.
 *
 * @returns An assigner that encodes each text once. For items without vectors of their own.
 */
export function rememberTexts(assigner: CodeAssigner): CodeAssigner {
  const known = new Map<string, Float32Array>();
  let form: Pick<EncodedItems, 'dims' | 'encoder'>;
  return {
    ...assigner,
    async encode(items, signal) {
      const unknown = items.filter(({ text }) => !known.has(text));
      if (unknown.length > 0) {
        const { vectors, ...rest } = await assigner.encode(unknown, signal);
        form = rest;
        const made = new Rows(vectors, form.dims);
        unknown.forEach(({ text }, row) => known.set(text, made.row(row)));
      }
      const all = new Rows(new Float32Array(items.length * form.dims), form.dims);
      items.forEach(({ text }, row) => all.set(row, known.get(text)!));
      return { ...form, vectors: all.values };
    },
  };
}

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
  const found: number[][] = [];
  for (const chunk of chunksOf(vectors, VECTORS_PER_CALL)) {
    const { codes } = await assigner.assign(checkpointDir, joinRows(chunk, dims), dims);
    found.push(...new Rows(codes, codes.length / chunk.length).lists());
  }
  return found;
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

function joinRows(vectors: readonly Float32Array[], dims: number): Float32Array {
  const joined = new Rows(new Float32Array(vectors.length * dims), dims);
  vectors.forEach((vector, row) => {
    if (vector.length !== dims) throw new RangeError(`vector ${row}: expected ${dims} numbers, got ${vector.length}`);
    joined.set(row, vector);
  });
  return joined.values;
}
