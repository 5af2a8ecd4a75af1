/** Stands in for the encode worker: vectors and codes that a test can foretell. */
import type { CodeAssigner } from '../../src/text-encoder';

export const FAKE_DIMS = 512;
export const FAKE_LEVELS = 2;
export const FAKE_CODEBOOK_SIZE = 4;

/**
 * An item whose text begins with "#c0.c1 " gets the codes c0 and c1, any other [0, 0]; a vector given by the caller says
 * its codes in its first two numbers, minus one. The nearest other codes of the last level are those that follow, in a circle.
 */
export function createFakeAssigner(): CodeAssigner {
  return {
    async encode(items) {
      const vectors = new Float32Array(items.length * FAKE_DIMS);
      items.forEach(({ text, embedding }, row) => vectors.set(embedding ?? vectorOf(text), row * FAKE_DIMS));
      return { vectors, dims: FAKE_DIMS, encoder: 'fake' };
    },
    async assign(_checkpointDir, vectors, dims) {
      const rows = vectors.length / dims;
      const codes = Int32Array.from({ length: rows * FAKE_LEVELS }, (_, i) => {
        const [row, level] = [Math.floor(i / FAKE_LEVELS), i % FAKE_LEVELS];
        return Math.round(vectors[row * dims + level]) - 1;
      });
      return { codes, numLevels: FAKE_LEVELS };
    },
    async rankLastLevel(_checkpointDir, vectors, dims) {
      const rows = vectors.length / dims;
      const codes = Int32Array.from({ length: rows * FAKE_CODEBOOK_SIZE }, (_, i) => {
        const own = Math.round(vectors[Math.floor(i / FAKE_CODEBOOK_SIZE) * dims + FAKE_LEVELS - 1]) - 1;
        return (own + i) % FAKE_CODEBOOK_SIZE;
      });
      return { codes };
    },
  };
}

/** @returns A vector that is assigned these codes. */
export function vectorOfCodes(...codes: number[]): number[] {
  return Array.from({ length: FAKE_DIMS }, (_, i) => (codes[i] ?? -1) + 1);
}

function vectorOf(text: string): number[] {
  const [, first, second] = /^#(\d+)\.(\d+)/.exec(text) ?? ['', '0', '0'];
  return vectorOfCodes(Number(first), Number(second));
}
