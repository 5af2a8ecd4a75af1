/** Stands in for the encode worker: vectors and codes that a test can foretell. */
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { CodeAssigner } from '../../src/semantic-ids/code-assigner';

export const FAKE_DIMS = 512;
export const FAKE_LEVELS = 2;
export const FAKE_CODEBOOK_SIZE = 4;

export interface FakeTokenizer {
  readonly numLevels: number;
  readonly codebookSize: number;
}

/** Checkpoint folders that cannot be read now. */
export const DAMAGED_CHECKPOINTS = new Set<string>();

function requireReadable(checkpointDir: string): void {
  if (!DAMAGED_CHECKPOINTS.has(checkpointDir)) return;
  throw Object.assign(new Error(`${checkpointDir}: expected a manifest`), { name: 'CheckpointError' });
}

/**
 * An item whose text begins with "#c0.c1 " gets the codes c0 and c1, any other zeros; a vector given by the caller says
 * its codes in its first numbers, minus one. A checkpoint named ".../shift/2" adds 2 to each code, in a circle.
 */
export function createFakeAssigner({ numLevels, codebookSize }: FakeTokenizer = DEFAULT): CodeAssigner {
  const codeAt = (vectors: Float32Array, at: number, checkpointDir: string) => {
    const shift = Number(/shift\/(\d+)$/.exec(checkpointDir)?.[1] ?? 0);
    return (Math.round(vectors[at]) - 1 + shift) % codebookSize;
  };
  return {
    async encode(items) {
      const vectors = new Float32Array(items.length * FAKE_DIMS);
      items.forEach(({ text, embedding }, row) => vectors.set(embedding ?? vectorOf(text, numLevels), row * FAKE_DIMS));
      return { vectors, dims: FAKE_DIMS, encoder: SENTENCE_ENCODER };
    },
    async assign(checkpointDir, vectors, dims) {
      requireReadable(checkpointDir);
      const codes = Int32Array.from({ length: (vectors.length / dims) * numLevels }, (_, i) =>
        codeAt(vectors, Math.floor(i / numLevels) * dims + (i % numLevels), checkpointDir),
      );
      return { codes };
    },
  };
}

const DEFAULT: FakeTokenizer = { numLevels: FAKE_LEVELS, codebookSize: FAKE_CODEBOOK_SIZE };

/** @returns A vector that is assigned these codes. */
export function vectorOfCodes(...codes: number[]): number[] {
  return Array.from({ length: FAKE_DIMS }, (_, i) => (codes[i] ?? -1) + 1);
}

function vectorOf(text: string, numLevels: number): number[] {
  const named = /^#([\d.]+)/.exec(text)?.[1].split('.').map(Number) ?? [];
  return vectorOfCodes(...Array.from({ length: numLevels }, (_, level) => named[level] ?? 0));
}
