/** Makes unit vectors of items' texts or of callers' vectors, and codes of vectors. A worker does the computing. */
import { Rows } from '../../models/math/rows';
import { embeddingFault, normaliseRows, SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { askAgain } from '../workers/ask-again';
import type { AssignCodesReply, EncodeProtocol, RankLastLevelReply } from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';

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
  /**
   * Vectors from the callers' embeddings where there are any, else from the texts.
   *
   * @throws {EmbeddingError} When an embedding has another length than the rest, a number that is not finite, or only zeros.
   */
  encode(items: readonly EncodableItem[], signal?: AbortSignal): Promise<EncodedItems>;
  /**
   * Codes under the tokenizer of a checkpoint, without collision tokens.
   *
   * @param vectors - float32 `[N, dims]`.
   */
  assign(checkpointDir: string, vectors: Float32Array, dims: number): Promise<AssignCodesReply>;
  /** All codes that the last level of each vector could have, nearest first. Arguments as of `assign`. */
  rankLastLevel(checkpointDir: string, vectors: Float32Array, dims: number): Promise<RankLastLevelReply>;
}

/** What is wrong with the embedding of `items[index]`. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
  constructor(
    readonly index: number,
    expected: string,
    got: string,
  ) {
    super(`embedding of item ${index}: expected ${expected}, got ${got}`);
  }
}

/** @param worker - `spawnWorker('encode')`; its owner disposes it. It keeps nothing from one call to the next, so a new one can answer. */
export function createCodeAssigner(worker: WorkerClient<EncodeProtocol>): CodeAssigner {
  return {
    async encode(items, signal) {
      const texts = items.filter((item) => item.embedding === null).map((item) => item.text);
      const dims = checkEmbeddings(items, texts.length > 0);
      const encoded = texts.length > 0 ? await encodeTexts(worker, texts, signal) : new Float32Array();
      return {
        vectors: mergeRows(items, encoded, dims),
        dims,
        encoder: texts.length > 0 ? SENTENCE_ENCODER : GIVEN_ENCODER,
      };
    },
    // The vectors are copied, not moved: they are asked for again when the worker ends.
    assign: (checkpointDir, vectors, dims) =>
      askAgain(() => worker.call({ type: 'assign-codes', checkpointDir, vectors, dims })),
    rankLastLevel: (checkpointDir, vectors, dims) =>
      askAgain(() => worker.call({ type: 'rank-last-level', checkpointDir, vectors, dims })),
  };
}

/** @returns How many numbers a row has: as many as the encoder's when texts take part, else as the first embedding. */
function checkEmbeddings(items: readonly EncodableItem[], textsTakePart: boolean): number {
  const first = items.find((item) => item.embedding !== null)?.embedding?.length ?? SENTENCE_DIMS;
  const dims = textsTakePart ? SENTENCE_DIMS : first;
  items.forEach(({ embedding }, index) => {
    if (embedding === null) return;
    const fault = embeddingFault(embedding);
    if (fault !== null) throw new EmbeddingError(index, fault.expected, fault.got);
    if (embedding.length !== dims) throw new EmbeddingError(index, `${dims} numbers`, String(embedding.length));
  });
  return dims;
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
