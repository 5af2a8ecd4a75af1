/** The vocabulary: which integer is which code, user or special token. */
import type { SemanticId } from '../semantic-id/semantic-ids';

export const PAD_TOKEN = 0;
export const BEGIN_TOKEN = 1;
const NUM_SPECIALS = 2;

/** Specials, then hashed user tokens, then the codes of level 0, of level 1, … of the collision token. */
export interface Vocabulary {
  /** Tokens in all, V. */
  readonly size: number;
  /** Codes of a whole semantic ID, the collision token included. */
  readonly idLength: number;
  /** Codes per level, K; there are as many collision tokens. */
  readonly codebookSize: number;
  readonly userTokens: number;
}

export function createVocabulary(numLevels: number, codebookSize: number, userTokens: number): Vocabulary {
  const idLength = numLevels + 1;
  return { size: NUM_SPECIALS + userTokens + idLength * codebookSize, idLength, codebookSize, userTokens };
}

/** @returns The token of code 0 of a level; the level's other codes follow it. */
export function levelOffset(vocabulary: Vocabulary, level: number): number {
  return NUM_SPECIALS + vocabulary.userTokens + level * vocabulary.codebookSize;
}

/** Writes an item's tokens at `tokens[at …]`. */
export function writeItemTokens(vocabulary: Vocabulary, codes: SemanticId, tokens: Int32Array, at: number): void {
  for (let level = 0; level < vocabulary.idLength; level++)
    tokens[at + level] = levelOffset(vocabulary, level) + codes[level];
}

/** @returns The token that a user's key hashes to (TIGER, section 4: the hashing trick). */
export function userToken(vocabulary: Vocabulary, userKey: string): number {
  return NUM_SPECIALS + (fnv1a(userKey) % vocabulary.userTokens);
}

/** 32-bit FNV-1a over the key's UTF-8 bytes. */
function fnv1a(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
