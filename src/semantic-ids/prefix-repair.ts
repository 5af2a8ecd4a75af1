/** Counts the prefixes of the active semantic IDs again, and says how many counts were wrong. */
import { readInPages } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { findActiveTokenizer } from './active-tokenizer';
import { recountPrefixes } from './semantic-id-rows';

export interface PrefixRepair {
  /** Prefixes of live items. */
  readonly prefixes: number;
  /** Prefixes whose count was wrong, or that were missing or too many. */
  readonly wrong: number;
}

/** Repairs only the counts of the active tokenizer. An activation brings those of another one up to date. */
export function repairPrefixes(database: Pick<Database, 'write'>): Promise<PrefixRepair> {
  return database.write(async (transaction) => {
    const tokenizer = await findActiveTokenizer(transaction);
    if (tokenizer === null) return { prefixes: 0, wrong: 0 };
    const before = await readCounts(transaction, tokenizer.id);
    await recountPrefixes(transaction, tokenizer.id);
    const after = await readCounts(transaction, tokenizer.id);
    const keys = new Set([...before.keys(), ...after.keys()]);
    return { prefixes: after.size, wrong: [...keys].filter((key) => before.get(key) !== after.get(key)).length };
  });
}

/** @returns Key of the prefix → number of items. */
async function readCounts(transaction: Transaction, tokenizerId: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const deepest = await transaction.semanticIdPrefix.findFirst({ where: { tokenizerId }, orderBy: { level: 'desc' } });
  for (let level = 0; level <= (deepest?.level ?? -1); level++) {
    const rows = await readInPages(
      null as string | null,
      (after, take) =>
        transaction.semanticIdPrefix.findMany({
          where: { tokenizerId, level, ...(after !== null && { prefixKey: { gt: after } }) },
          select: { prefixKey: true, itemCount: true },
          orderBy: { prefixKey: 'asc' },
          take,
        }),
      ({ prefixKey }) => prefixKey,
    );
    for (const { prefixKey, itemCount } of rows) counts.set(prefixKey, itemCount);
  }
  return counts;
}
