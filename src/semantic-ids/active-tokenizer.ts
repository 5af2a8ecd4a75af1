/** The tokenizer of the active model version. It made the semantic IDs that the API shows. */
import type { ModelVersion, Tokenizer } from '../../prisma/generated/sqlite/client';
import { isCode } from '../storage/code-keys';
import type { Transaction } from '../storage/transaction';

export interface ActiveTokenizer {
  readonly id: number;
  readonly modelVersionId: number;
  readonly checkpointDir: string;
  /** Codebook levels L, the collision token not counted. */
  readonly numLevels: number;
  /** Codes of a whole semantic ID: L + 1. */
  readonly idLength: number;
  readonly codebookSize: number;
  readonly collisionSize: number;
  /** How many numbers the item vectors have that it reads. */
  readonly dims: number;
}

/** A model version as it is stored, with its tokenizer. */
export type StoredVersion = ModelVersion & { readonly tokenizer: Tokenizer };

export function findVersion(client: Transaction, id: number): Promise<StoredVersion | null> {
  return client.modelVersion.findUnique({ where: { id }, include: { tokenizer: true } });
}

/** @returns Null before any model version is active. */
export function findActiveVersion(client: Transaction): Promise<StoredVersion | null> {
  return client.modelVersion.findFirst({ where: { status: 'ACTIVE' }, include: { tokenizer: true } });
}

/** @returns Null before any model version is active. */
export async function findActiveTokenizer(client: Transaction): Promise<ActiveTokenizer | null> {
  // Not the whole version: its hundreds of metrics take longer to read than all the rest.
  const active = await client.modelVersion.findFirst({
    where: { status: 'ACTIVE' },
    select: { id: true, tokenizer: true },
  });
  return active && tokenizerOf(active);
}

/** @returns The tokenizer that would be active if this version were active. */
export function tokenizerOf(version: Pick<ModelVersion, 'id'> & { tokenizer: Tokenizer }): ActiveTokenizer {
  const { id, checkpointDir, numLevels, codebookSize, collisionSize, dims } = version.tokenizer;
  const idLength = numLevels + 1;
  return { id, modelVersionId: version.id, checkpointDir, numLevels, idLength, codebookSize, collisionSize, dims };
}

/** Whether semantic IDs under the tokenizer can begin with these codes. */
export function mayBeginWith(
  tokenizer: ActiveTokenizer | null,
  codes: readonly number[],
): tokenizer is ActiveTokenizer {
  return tokenizer !== null && codes.length <= tokenizer.idLength && codes.every(isCode);
}
