/** How many interactions items have, and how popular they are: kept with the items, so that ranking them counts nothing. */
import { type KindRules, KINDS } from '../../models/data/kinds';
import { DAY_MS, daysSince1970 } from '../../models/math/day';
import { forRows } from './bulk-rows';
import type { Database } from './database';
import { lastInteractionId } from './last-ids';
import type { Transaction } from './transaction';

/** The parts of an interaction that count it. */
export interface CountedInteraction {
  readonly userId: number;
  readonly itemId: number;
  readonly occurredAt: Date;
}

/** The weight of an interaction, in hundredths; of a kind that the table does not have yet it is 1. */
const weightOf = (row: string) =>
  `COALESCE((SELECT k."hundredths" FROM "KindWeight" k WHERE k."kind" = ${row}."kind"), 100)`;

const dayOf = (row: string) => `substr(CAST(${row}."occurredAt" AS TEXT), 1, 10)`;

/** Runs work that inserts interactions, and adds them to the counts of their items: see `countingInteractions`. */
export async function countingInserted<T>(transaction: Transaction, insert: () => Promise<T>): Promise<T> {
  const lastId = await lastInteractionId(transaction);
  const result = await insert();
  const before = `COALESCE(MAX(${weightOf('i')}), 0)`;
  // The plus keeps SQLite from reading all interactions of the item.
  await transaction.$executeRawUnsafe(`
    UPDATE "Item" SET "interactionCount" = "interactionCount" + a."added", "popularity" = "Item"."popularity" + a."weight"
    FROM (
      SELECT d."itemId", CAST(SUM(d."added") AS INTEGER) AS "added", CAST(SUM((
        SELECT CASE WHEN d."weight" > ${before} THEN d."weight" - ${before} ELSE 0 END FROM "Interaction" i
        WHERE i."userId" = d."userId" AND i."itemId" = d."itemId" AND ${dayOf('i')} = d."day" AND +i."id" <= ${lastId}
      )) AS INTEGER) AS "weight" FROM (
        SELECT n."userId", n."itemId", ${dayOf('n')} AS "day", COUNT(*) AS "added", MAX(${weightOf('n')}) AS "weight"
        FROM "Interaction" n WHERE n."id" > ${lastId} GROUP BY n."userId", n."itemId", ${dayOf('n')}
      ) AS d GROUP BY d."itemId"
    ) AS a WHERE "Item"."id" = a."itemId"`);
  return result;
}

/**
 * Runs a change of interactions that are there, and brings the counts of their items in step: `interactionCount`, and `popularity`, which
 * counts a user once a day, by the weightiest kind of that day.
 *
 * @param changed - All that the change deletes; of those that get another user, the ones before and after.
 * @param sign - -1: they are deleted; 0: they get another user.
 */
export async function countingInteractions<T>(
  transaction: Transaction,
  changed: readonly CountedInteraction[],
  sign: 0 | -1,
  change: () => Promise<T>,
): Promise<T> {
  const days = userDays(changed);
  const before = await weighDays(transaction, days);
  const result = await change();
  const after = await weighDays(transaction, days);
  const interactions = new Map<number, number>();
  for (const { itemId } of changed) interactions.set(itemId, (interactions.get(itemId) ?? 0) + sign);
  const added = [...interactions].map(([id, count]) => {
    return { id, interactions: count, popularity: (after.get(id) ?? 0) - (before.get(id) ?? 0) };
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

/** @returns Item id → the sum of the largest weights of these days of users, in hundredths. */
async function weighDays(transaction: Transaction, days: readonly UserDay[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  // As one text: the driver takes longer for each row than the database does.
  const sqlOf = (table: string) => `
    SELECT string_agg("itemId" || ',' || "count", ';') AS "counts" FROM (
      SELECT d."itemId" AS "itemId", CAST(SUM(COALESCE((
        SELECT MAX(${weightOf('i')}) FROM "Interaction" i WHERE i."userId" = d."userId" AND i."itemId" = d."itemId"
          AND i."occurredAt" >= d."begins" AND i."occurredAt" < d."ends"
      ), 0)) AS INTEGER) AS "count" FROM ${table} AS d GROUP BY d."itemId"
    ) AS "counted"`;
  await forRows(transaction, USER_DAY, days, sqlOf, async (sql, rows) => {
    const [{ counts: text }] = await transaction.$queryRawUnsafe<[{ counts: string }]>(sql, rows);
    for (const pair of text.split(';')) {
      const [itemId, count] = pair.split(',').map(Number);
      counts.set(itemId, (counts.get(itemId) ?? 0) + count);
    }
  });
  return counts;
}

const ADDED_COUNTS = { id: 'INTEGER', interactions: 'INTEGER', popularity: 'INTEGER' } as const;

async function addCounts(transaction: Transaction, rows: readonly object[]): Promise<void> {
  const sqlOf = (table: string) => `
    UPDATE "Item" SET
      "interactionCount" = "interactionCount" + a."interactions", "popularity" = "Item"."popularity" + a."popularity"
    FROM ${table} AS a WHERE "Item"."id" = a."id"`;
  await forRows(transaction, ADDED_COUNTS, rows, sqlOf, (sql, added) => transaction.$executeRawUnsafe(sql, added));
}

const COUNT_ALL = `
  UPDATE "Item" SET "popularity" = COALESCE((
    SELECT CAST(SUM(d."weight") AS INTEGER) FROM (
      SELECT MAX(${weightOf('i')}) AS "weight" FROM "Interaction" i WHERE i."itemId" = "Item"."id"
      GROUP BY i."userId", ${dayOf('i')}
    ) AS d
  ), 0)`;

/** Makes these the weights of kinds. Where others held, popularity is counted anew. */
export async function weighKinds({ write }: Pick<Database, 'write'>, rules: KindRules): Promise<void> {
  const wanted = KINDS.map((kind) => ({ kind, hundredths: Math.round(100 * rules[kind].weight) }));
  await write(async (transaction) => {
    const rows = await transaction.kindWeight.findMany();
    const stored = new Map(rows.map(({ kind, hundredths }) => [kind, hundredths]));
    if (wanted.every(({ kind, hundredths }) => stored.get(kind) === hundredths)) return;
    await transaction.kindWeight.deleteMany();
    await transaction.kindWeight.createMany({ data: wanted });
    await transaction.$executeRawUnsafe(COUNT_ALL);
  });
}
