/** How many interactions items have, and with how many users and days: kept with the items, so that ranking them counts nothing. */
import { DAY_MS, daysSince1970 } from '../../models/math/day';
import { forRows } from './bulk-rows';
import type { Transaction } from './transaction';

/** What an interaction is counted by. */
export interface CountedInteraction {
  readonly userId: number;
  readonly itemId: number;
  readonly occurredAt: Date;
}

/**
 * Runs a change of interactions, and brings the counts of their items in step: `interactionCount`, and `popularity`, which counts a
 * user once a day.
 *
 * @param changed - All interactions that the change inserts or deletes; of those that get another user, the ones before and after.
 * @param sign - 1: they are inserted; -1: they are deleted; 0: they get another user.
 */
export async function countingInteractions<T>(
  transaction: Transaction,
  changed: readonly CountedInteraction[],
  sign: 1 | 0 | -1,
  change: () => Promise<T>,
): Promise<T> {
  const days = userDays(changed);
  const before = await countDays(transaction, days);
  const result = await change();
  const after = await countDays(transaction, days);
  const interactions = new Map<number, number>();
  for (const { itemId } of changed) interactions.set(itemId, (interactions.get(itemId) ?? 0) + sign);
  const added = [...interactions].map(([id, count]) => {
    return { id, interactions: count, days: (after.get(id) ?? 0) - (before.get(id) ?? 0) };
  });
  await addCounts(transaction, added);
  return result;
}

/** A day of a user with an item. */
interface UserDay {
  readonly userId: number;
  readonly itemId: number;
  readonly begins: Date;
  readonly ends: Date;
}

function userDays(changed: readonly CountedInteraction[]): UserDay[] {
  const days = new Map<string, UserDay>();
  for (const { userId, itemId, occurredAt } of changed) {
    const begins = daysSince1970(occurredAt.getTime()) * DAY_MS;
    const ends = new Date(begins + DAY_MS);
    days.set(`${userId} ${itemId} ${begins}`, { userId, itemId, begins: new Date(begins), ends });
  }
  return [...days.values()];
}

const USER_DAY = { userId: 'INTEGER', itemId: 'INTEGER', begins: 'TIMESTAMP', ends: 'TIMESTAMP' } as const;

/** @returns Item id → on how many of these days of users there is an interaction with the item. */
async function countDays(transaction: Transaction, days: readonly UserDay[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const sqlOf = (table: string) => `
    SELECT d."itemId" AS "itemId", CAST(COUNT(*) AS INTEGER) AS "count" FROM ${table} AS d WHERE EXISTS (
      SELECT 1 FROM "Interaction" i WHERE i."userId" = d."userId" AND i."itemId" = d."itemId"
        AND i."occurredAt" >= d."begins" AND i."occurredAt" < d."ends"
    ) GROUP BY d."itemId"`;
  await forRows(transaction, USER_DAY, days, sqlOf, async (sql, rows) => {
    const found = await transaction.$queryRawUnsafe<{ itemId: number; count: number }[]>(sql, rows);
    for (const { itemId, count } of found)
      counts.set(Number(itemId), (counts.get(Number(itemId)) ?? 0) + Number(count));
  });
  return counts;
}

const ADDED_COUNTS = { id: 'INTEGER', interactions: 'INTEGER', days: 'INTEGER' } as const;

async function addCounts(transaction: Transaction, rows: readonly object[]): Promise<void> {
  const sqlOf = (table: string) => `
    UPDATE "Item" SET "interactionCount" = "interactionCount" + a."interactions", "popularity" = "popularity" + a."days"
    FROM ${table} AS a WHERE "Item"."id" = a."id"`;
  await forRows(transaction, ADDED_COUNTS, rows, sqlOf, (sql, added) => transaction.$executeRawUnsafe(sql, added));
}
