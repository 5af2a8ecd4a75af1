/**
 * Encodes texts by a model that an npm package contains: Universal Sentence Encoder lite, English, 512 numbers a text. It does not know
 * other letters than Latin ones, and gives all such texts nearly the same vector. They get hashed n-grams instead: see `ngramVector`.
 */
import type { Device } from '../compute/device';
import { addToGroup, chunksOf } from '../math/arrays';
import { Rows } from '../math/rows';
import { ADDED_WORDS } from './item-text';

/** Stored with every vector, so that vectors of different encoders are never mixed. */
export const SENTENCE_ENCODER = 'use-lite-en';
export const SENTENCE_DIMS = 512;

/** Pieces of texts per call of the network: its layers for more would not fit the processor's cache. */
const PIECES_PER_BATCH = 512;
/** A title, brand and categories are far shorter. */
const MAX_CHARACTERS = 2_000;

export interface SentenceEncoder {
  /**
   * @param texts - Only the first 2,000 characters, and of these 128 pieces, count; an empty text is read as a space.
   * @returns float32 `[texts, 512]`, each row of length 1. A text's row does not depend on the other texts.
   */
  encode(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
}

/** Loads the model from the package; nothing is downloaded. */
export async function openSentenceEncoder(device: Device): Promise<SentenceEncoder> {
  // Loaded here, not at the top, so that importing the constants does not load the tfjs engine.
  const { openSentenceNetwork } = await import('./sentence-network.js');
  const network = await openSentenceNetwork(device);
  return {
    async encode(texts, signal) {
      const vectors = new Rows(new Float32Array(texts.length * SENTENCE_DIMS), SENTENCE_DIMS);
      const rows = hashOtherScripts(texts, vectors);
      for (const batch of batchesOf(rows, (row) => network.pieces(readable(texts[row])))) {
        const made = new Rows(await network.run(batch.map(({ pieces }) => pieces)), SENTENCE_DIMS);
        batch.forEach(({ row }, i) => vectors.set(row, made.row(i)));
        await new Promise(setImmediate); // yields, so that an abort or another request is handled
        signal?.throwIfAborted();
      }
      return normaliseRows(vectors.values, SENTENCE_DIMS);
    },
  };
}

interface PiecesOfText {
  readonly row: number;
  readonly pieces: readonly number[];
}

/** @returns Batches of texts that have equally many pieces, so that none is padded. */
function batchesOf(rows: readonly number[], piecesOf: (row: number) => readonly number[]): PiecesOfText[][] {
  const byLength = new Map<number, PiecesOfText[]>();
  for (const row of rows) {
    const pieces = piecesOf(row);
    addToGroup(byLength, pieces.length, { row, pieces });
  }
  return Array.from(byLength).flatMap(([length, group]) => [...chunksOf(group, Math.ceil(PIECES_PER_BATCH / length))]);
}

/** Fills the rows of the texts that the model cannot read. @returns The other rows. */
function hashOtherScripts(texts: readonly string[], vectors: Rows): number[] {
  return Array.from(texts.keys()).filter((row) => {
    const ngrams = ngramVector(readable(texts[row]), SENTENCE_DIMS);
    if (ngrams !== null) vectors.set(row, ngrams);
    return ngrams === null;
  });
}

/**
 * Scales each row of float32 `[N, dims]` to length 1, in place.
 *
 * @throws {RangeError} When a row is zero or not finite.
 */
export function normaliseRows(vectors: Float32Array, dims: number): Float32Array {
  const rows = new Rows(vectors, dims);
  for (let row = 0; row < rows.count; row++) {
    const values = rows.row(row);
    const length = Math.hypot(...values);
    if (!Number.isFinite(length) || length === 0) {
      throw new RangeError(`vector ${row}: expected finite numbers that are not all zero, got length ${length}`);
    }
    for (let i = 0; i < dims; i++) values[i] /= length;
  }
  return vectors;
}

function readable(text: string): string {
  return text.slice(0, MAX_CHARACTERS) || ' '; // of an empty text there are no pieces
}

/** Letters of an n-gram; a boundary of a word counts as one. */
const [SHORTEST, LONGEST] = [2, 4];
const BOUNDARY = ' ';

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
const LETTERS = /\p{L}/gu;
const LATIN_LETTERS = /(?=\p{L})\p{Script=Latin}/gu;

/**
 * Makes the vector of a text that the sentence encoder cannot read, because it is written in other letters than Latin ones: adds up its
 * hashed character n-grams, each as 1 or −1 at one place. Texts that share words or parts of words get near vectors.
 *
 * Source: Weinberger et al. (2009) for hashing with signs, Bojanowski et al. (2017) for n-grams with the boundaries of words. The
 * latter's trained vectors are left out.
 *
 * @param text - From `itemText`; its compatible forms (NFKC) and its cases count as equal.
 * @returns float32 `[dims]`, whole numbers of which one at least is not 0. Null for a text that the sentence encoder reads: half of
 *   its letters or more are Latin ones, or it has no letters.
 */
export function ngramVector(text: string, dims: number): Float32Array | null {
  const normal = text.replace(ADDED_WORDS, '').normalize('NFKC');
  if (isLatin(normal)) return null;
  const vector = new Float32Array(dims);
  for (const word of normal.toLowerCase().match(WORDS) ?? []) addNgrams(vector, [BOUNDARY, ...word, BOUNDARY]);
  return vector.some((x) => x !== 0) ? vector : null; // n-grams of different signs may cancel out
}

function isLatin(text: string): boolean {
  const count = (letters: RegExp) => text.match(letters)?.length ?? 0;
  return 2 * count(LATIN_LETTERS) >= count(LETTERS);
}

function addNgrams(vector: Float32Array, letters: readonly string[]): void {
  for (let size = SHORTEST; size <= LONGEST; size++)
    for (let start = 0; start + size <= letters.length; start++) {
      const hash = hashOf(letters.slice(start, start + size).join(''));
      vector[(hash >>> 1) % vector.length] += (hash & 1) === 0 ? 1 : -1;
    }
}

/** FNV-1a, with the last step of MurmurHash3, after which each bit depends on all letters. */
function hashOf(ngram: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ngram.length; i++) hash = Math.imul(hash ^ ngram.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The numbers that were expected, and those that came instead. */
export interface EmbeddingFault {
  readonly expected: string;
  readonly got: string;
}

/**
 * Checks an embedding as float32, which is what is stored: 1e39 is infinite there, and 1e-60 is zero.
 *
 * @returns Null when all numbers are finite and not all are zero.
 */
export function embeddingFault(embedding: readonly number[]): EmbeddingFault | null {
  const wrong = embedding.find((x) => !Number.isFinite(Math.fround(x)));
  if (wrong !== undefined) return { expected: 'finite numbers', got: String(wrong) };
  const isZero = embedding.every((x) => Math.fround(x) === 0);
  return isZero ? { expected: 'numbers that are not all zero', got: 'zeros' } : null;
}
