/** An ID that is taken, absent, or made of codes that the trie cannot hold. */
export class TrieError extends Error {
  override readonly name = 'TrieError';
}
