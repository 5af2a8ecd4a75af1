/** Vectors that callers bring in place of a text's: what is wrong with them, before they are stored. */

/** What was expected, and what came instead. */
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
