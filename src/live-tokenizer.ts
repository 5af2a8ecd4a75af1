/** The tokenizer whose semantic IDs the API speaks of: that of the active model version. */
import type { Transaction } from './database';

export interface LiveTokenizer {
  readonly id: number;
  readonly modelVersionId: number;
  readonly checkpointDir: string;
  /** Codebook levels L, the collision token not counted. */
  readonly numLevels: number;
  /** Codes of a whole semantic ID: L + 1. */
  readonly depth: number;
  readonly codebookSize: number;
  readonly collisionSize: number;
  /** Width of the item vectors that it reads. */
  readonly dims: number;
}

/** @returns Null before any model version is active. */
export async function findLiveTokenizer(client: Transaction): Promise<LiveTokenizer | null> {
  const active = await client.modelVersion.findFirst({ where: { status: 'ACTIVE' }, include: { tokenizer: true } });
  if (active === null) return null;
  const { id, checkpointDir, numLevels, codebookSize, collisionSize, dims } = active.tokenizer;
  return {
    id,
    modelVersionId: active.id,
    checkpointDir,
    numLevels,
    depth: numLevels + 1,
    codebookSize,
    collisionSize,
    dims,
  };
}
