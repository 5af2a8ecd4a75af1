/** Removes trained versions that nobody will go back to, with all that only they need. */
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { removeTokenizer } from './remove-tokenizer';

export interface Pruned {
  /** Numbers of the versions that were removed, the newest first. */
  readonly versions: readonly number[];
  /** Tokenizers that went with their last version. */
  readonly tokenizers: number;
}

/**
 * Removes the versions that are not active, but not the newest ones. Their files become spare: see `sweepJobs`.
 *
 * @param keep - How many of those that are not active stay.
 */
export async function pruneModels(database: Database, keep: number): Promise<Pruned> {
  const removed = await database.write((transaction) => removeVersions(transaction, keep));
  const unused = await unusedTokenizers(
    database,
    removed.map(({ tokenizerId }) => tokenizerId),
  );
  for (const tokenizerId of unused) await removeTokenizer(database, tokenizerId);
  return { versions: removed.map(({ number }) => number), tokenizers: unused.length };
}

async function removeVersions({ modelVersion }: Transaction, keep: number) {
  const spare = await modelVersion.findMany({
    where: { status: { not: 'ACTIVE' } },
    orderBy: { number: 'desc' },
    skip: keep,
    select: { id: true, number: true, tokenizerId: true },
  });
  await modelVersion.deleteMany({ where: { id: { in: spare.map(({ id }) => id) } } });
  return spare;
}

/**
 * A training under way may reuse one. One that it has stored itself is not among those of removed versions, and what a killed process
 * leaves `sweepJobs` removes.
 */
async function unusedTokenizers({ read }: Database, ids: readonly number[]): Promise<number[]> {
  const found = await read.tokenizer.findMany({
    where: { id: { in: [...ids] }, modelVersions: { none: {} }, trainingJobs: { none: { finishedAt: null } } },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}
