/**
 * Vectors of texts that the English sentence encoder cannot read, because they are written in other letters than Latin ones: hashed
 * character n-grams. Texts that share words or parts of words get near vectors. What a word means is not known here.
 *
 * Source: Weinberger et al. (2009) for hashing with signs, Bojanowski et al. (2017) for n-grams with the boundaries of words. The
 * latter's trained vectors are left out: an n-gram has a place and a sign, and nothing more.
 */
import { ADDED_WORDS } from './item-text';

/** Letters of an n-gram; a boundary of a word counts as one. */
const [SHORTEST, LONGEST] = [2, 4];
const BOUNDARY = ' ';

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
const LETTERS = /\p{L}/gu;
const LATIN_LETTERS = /(?=\p{L})\p{Script=Latin}/gu;

/**
 * Adds up the n-grams of a text, each as 1 or −1 at one place of the vector.
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
