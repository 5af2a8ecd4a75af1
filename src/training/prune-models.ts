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
  const versions = await database.write((transaction) => removeVersions(transaction, keep));
  const unused = await unusedTokenizers(database);
  for (const tokenizerId of unused) await removeTokenizer(database, tokenizerId);
  return { versions, tokenizers: unused.length };
}

async function removeVersions({ modelVersion }: Transaction, keep: number): Promise<number[]> {
  const spare = await modelVersion.findMany({
    where: { status: { not: 'ACTIVE' } },
    orderBy: { number: 'desc' },
    skip: keep,
    select: { id: true, number: true },
  });
  await modelVersion.deleteMany({ where: { id: { in: spare.map(({ id }) => id) } } });
  return spare.map(({ number }) => number);
}

/** A training under way may have stored a tokenizer that its version is yet to name, or may reuse one. */
async function unusedTokenizers({ read }: Database): Promise<number[]> {
  const open = await read.trainingJob.findMany({ where: { finishedAt: null }, select: { createdAt: true } });
  const begun = Math.min(Date.now(), ...open.map(({ createdAt }) => createdAt.getTime()));
  const found = await read.tokenizer.findMany({
    where: {
      modelVersions: { none: {} },
      trainingJobs: { none: { finishedAt: null } },
      createdAt: { lt: new Date(begun) },
    },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}
